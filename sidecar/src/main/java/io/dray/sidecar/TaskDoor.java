package io.dray.sidecar;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
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
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Serves TaskService to local agents by relaying each call to the router, with the caller's principal filled in.
 * Callbacks run on the loops of the two connections and never block; deadline and cancellation of the caller reach
 * the router by gRPC's context, and each side's readiness asks the other side for one more message.
 */
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
                refuse(call, MeshError.toStatus(unavailable("no router is configured")));
                return new ServerCall.Listener<>() {};
            }
            ClientCall<Q, R> toRouter = routers.channel(router.get()).newCall(method, CallOptions.DEFAULT);
            boolean isStream = !method.getType().clientSendsOneMessage();
            return new Relay<>(call, toRouter, principal.apply(call), isStream).start();
        });
    }

    private io.dray.types.v1.Error unavailable(String message) {
        String endpoints = String.join(", ", routers.endpoints());
        return MeshError.of(Code.CODE_ROUTER_UNAVAILABLE, "No router answers: " + message, endpoints, "one that runs");
    }

    private static void refuse(ServerCall<?, ?> call, StatusRuntimeException refusal) {
        Metadata trailers = refusal.getTrailers();
        call.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
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

    /** One call on its way; the two inner listeners are its two ends. */
    private final class Relay<Q, R> {
        private final ServerCall<Q, R> fromCaller;
        private final ClientCall<Q, R> toRouter;
        private final String caller;
        /** Whether the caller sends more than one request. */
        private final boolean isStream;

        Relay(ServerCall<Q, R> fromCaller, ClientCall<Q, R> toRouter, String caller, boolean isStream) {
            this.fromCaller = fromCaller;
            this.toRouter = toRouter;
            this.caller = caller;
            this.isStream = isStream;
        }

        ServerCall.Listener<Q> start() {
            toRouter.start(new FromRouter(), new Metadata());
            toRouter.request(1);
            fromCaller.request(1);
            return new FromCaller();
        }

        private final class FromCaller extends ServerCall.Listener<Q> {
            @Override
            public void onMessage(Q request) {
                toRouter.sendMessage(withPrincipal(request, caller));
                if (isStream && !requests.holdUnlessReady()) {
                    fromCaller.request(1);
                }
            }

            @Override
            public void onHalfClose() {
                toRouter.halfClose();
            }

            @Override
            public void onCancel() {
                toRouter.cancel("the caller went away", null);
            }

            @Override
            public void onReady() {
                answers.onCallerReady();
            }
        }

        private final Answers answers = new Answers();
        private final Requests requests = new Requests();

        /** Asks the caller for the next request only when the router has room for it. */
        private final class Requests {
            private boolean held;

            synchronized boolean holdUnlessReady() {
                held = !toRouter.isReady();
                return held;
            }

            void onRouterReady() {
                synchronized (this) {
                    if (!held) {
                        return;
                    }
                    held = false;
                }
                fromCaller.request(1);
            }
        }

        /** Asks the router for the next answer only when the caller has room for it. */
        private final class Answers {
            private boolean held;

            synchronized boolean holdUnlessReady() {
                held = !fromCaller.isReady();
                return held;
            }

            void onCallerReady() {
                synchronized (this) {
                    if (!held) {
                        return;
                    }
                    held = false;
                }
                toRouter.request(1);
            }
        }

        private final class FromRouter extends ClientCall.Listener<R> {
            private boolean headersSent;

            @Override
            public void onReady() {
                requests.onRouterReady();
            }

            @Override
            public void onHeaders(Metadata headers) {
                sendHeaders();
            }

            @Override
            public void onMessage(R response) {
                sendHeaders();
                fromCaller.sendMessage(response);
                if (!answers.holdUnlessReady()) {
                    toRouter.request(1);
                }
            }

            @Override
            public void onClose(Status status, Metadata trailers) {
                if (status.isOk()) {
                    fromCaller.close(status, new Metadata());
                    return;
                }
                refuse(fromCaller, failure(status.asRuntimeException(trailers)));
            }

            private void sendHeaders() {
                if (!headersSent) {
                    headersSent = true;
                    fromCaller.sendHeaders(new Metadata());
                }
            }
        }
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
