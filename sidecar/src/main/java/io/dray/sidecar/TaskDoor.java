package io.dray.sidecar;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.dray.core.net.CallRelay;
import io.dray.core.wire.MeshError;
import io.dray.router.v1.TaskServiceGrpc;
import io.dray.sidecar.routers.Routers;
import io.dray.types.v1.Code;
import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
        var service = ServerServiceDefinition.builder(TaskServiceGrpc.getServiceDescriptor());
        for (MethodDescriptor<?, ?> method :
                TaskServiceGrpc.getServiceDescriptor().getMethods()) {
            add(service, method);
        }
        return service.build();
    }

    private <Q, R> void add(ServerServiceDefinition.Builder service, MethodDescriptor<Q, R> method) {
        service.addMethod(method, (call, _) -> {
            var router = routers.preferred();
            if (router.isEmpty()) {
                CallRelay.refuse(call, MeshError.toStatus(unavailable("no router is configured")));
                return new ServerCall.Listener<>() {};
            }
            ClientCall<Q, R> toRouter = routers.channel(router.get()).newCall(method, CallOptions.DEFAULT);
            String caller = principal.apply(call);
            return new CallRelay<>(call, toRouter, request -> withPrincipal(request, caller), this::failure)
                    .start(new Metadata());
        });
    }

    private io.dray.types.v1.Error unavailable(String message) {
        String endpoints = String.join(", ", routers.endpoints());
        return MeshError.of(Code.CODE_ROUTER_UNAVAILABLE, "No router answers: " + message, endpoints, "one that runs");
    }

    private static <Q> Q withPrincipal(Q request, String principal) {
        if (!(request instanceof Message message)) {
            return request;
        }
        FieldDescriptor field = message.getDescriptorForType().findFieldByName("principal");
        @SuppressWarnings("unchecked") // A message built from a Q is a Q.
        Q changed = (Q) message.toBuilder().setField(field, principal).build();
        return changed;
    }

    /** Passes on what the router said; that it said nothing becomes a code of its own. */
    private StatusRuntimeException failure(StatusRuntimeException failure) {
        var error = MeshError.from(failure);
        @Nullable String description = failure.getStatus().getDescription();
        if (error.getCode() == Code.CODE_UNREACHABLE) {
            return MeshError.toStatus(unavailable(description == null ? "the connection failed" : description));
        }
        return MeshError.toStatus(error);
    }
}
