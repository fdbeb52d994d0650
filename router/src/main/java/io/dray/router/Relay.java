package io.dray.router;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * One call on its way to another router, message by message. Callbacks run on the loops of the two connections and never
 * block; deadline and cancellation of the caller reach the other router by gRPC's context, and each side's readiness asks
 * the other for one more message.
 */
final class Relay<Q, R> {
    private final ServerCall<Q, R> caller;
    private final ClientCall<Q, R> router;
    private final UnaryOperator<StatusRuntimeException> failure;
    private final Turn requests = new Turn();
    private final Turn responses = new Turn();

    /** @param failure returns what the caller is told of a failure */
    Relay(ServerCall<Q, R> caller, ClientCall<Q, R> router, UnaryOperator<StatusRuntimeException> failure) {
        this.caller = caller;
        this.router = router;
        this.failure = failure;
    }

    ServerCall.Listener<Q> start(Metadata headers) {
        router.start(new FromRouter(), headers);
        router.request(1);
        caller.request(1);
        return new FromCaller();
    }

    /** Ends a call with an error. */
    static void refuse(ServerCall<?, ?> call, StatusRuntimeException refusal) {
        Metadata trailers = refusal.getTrailers();
        call.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
    }

    /** Asks one side for its next message only when the other has room for it. */
    private static final class Turn {
        private boolean held;

        /** Returns whether the next message has to wait. */
        synchronized boolean holdUnless(BooleanSupplier hasRoom) {
            held = !hasRoom.getAsBoolean();
            return held;
        }

        /** Returns whether a message is to be asked for now. */
        synchronized boolean release() {
            boolean wasHeld = held;
            held = false;
            return wasHeld;
        }
    }

    private final class FromCaller extends ServerCall.Listener<Q> {
        @Override
        public void onMessage(Q request) {
            router.sendMessage(request);
            if (caller.getMethodDescriptor().getType().clientSendsOneMessage()) {
                return;
            }
            if (!requests.holdUnless(router::isReady)) {
                caller.request(1);
            }
        }

        @Override
        public void onHalfClose() {
            router.halfClose();
        }

        @Override
        public void onCancel() {
            router.cancel("the caller went away", null);
        }

        @Override
        public void onReady() {
            if (responses.release()) {
                router.request(1);
            }
        }
    }

    private final class FromRouter extends ClientCall.Listener<R> {
        private boolean headersSent;

        @Override
        public void onReady() {
            if (requests.release()) {
                caller.request(1);
            }
        }

        @Override
        public void onHeaders(Metadata headers) {
            sendHeaders();
        }

        @Override
        public void onMessage(R response) {
            sendHeaders();
            caller.sendMessage(response);
            if (!responses.holdUnless(caller::isReady)) {
                router.request(1);
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            if (status.isOk()) {
                caller.close(status, new Metadata());
                return;
            }
            refuse(caller, failure.apply(status.asRuntimeException(trailers)));
        }

        private void sendHeaders() {
            if (!headersSent) {
                headersSent = true;
                caller.sendHeaders(new Metadata());
            }
        }
    }
}
