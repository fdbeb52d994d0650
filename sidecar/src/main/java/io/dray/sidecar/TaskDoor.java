package io.dray.sidecar;

import io.dray.router.v1.TaskServiceGrpc;
import io.dray.sidecar.routers.Routers;
import io.grpc.BindableService;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import java.util.function.Function;

/** Serves TaskService to local agents by relaying each call to the router, with the caller's principal filled in. */
public final class TaskDoor implements BindableService {
    private final Routers routers;
    private final Function<ServerCall<?, ?>, String> principal;

    /** @param principal returns the verified identity behind a call, empty when there is none */
    public TaskDoor(Routers routers, Function<ServerCall<?, ?>, String> principal) {
        this.routers = routers;
        this.principal = principal;
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ServerServiceDefinition.builder(TaskServiceGrpc.getServiceDescriptor())
                .build();
    }

    Routers routers() {
        return routers;
    }

    Function<ServerCall<?, ?>, String> principal() {
        return principal;
    }
}
