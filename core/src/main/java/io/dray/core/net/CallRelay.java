package io.dray.core.net;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * One call on its way to another server, message by message. Callbacks run on the loops of the two connections and never
 * block; deadline and cancellation of the caller reach the other server by gRPC's context, and each side's readiness asks
 * the other for one more message.
 *
 * @param <Q> requests
 * @param <R> responses
 */
public final class CallRelay<Q, R> {
    private final ServerCall<Q, R> caller;
    private final ClientCall<Q, R> server;
    private final UnaryOperator<Q> change;
    private final UnaryOperator<StatusRuntimeException> failure;
    private final Turn requests = new Turn();
    private final Turn responses = new Turn();

    /**
     * Makes one that has not started.
     *
     * @param change returns what is sent instead of a request
     * @param failure returns what the caller is told of a failure
     */
    public CallRelay(
            ServerCall<Q, R> caller,
            ClientCall<Q, R> server,
            UnaryOperator<Q> change,
            UnaryOperator<StatusRuntimeException> failure) {
        this.caller = caller;
        this.server = server;
        this.change = change;
        this.failure = failure;
    }

    /**
     * Starts the call.
     *
     * @param headers for the server
     * @return who hears the caller
     */
    public ServerCall.Listener<Q> start(Metadata headers) {
        server.start(new FromServer(), headers);
        server.request(1);
        caller.request(1);
        return new FromCaller();
    }

    /**
     * Ends a call with an error.
     *
     * @param call any that was not closed
     * @param refusal status and trailers
     */
    public static void refuse(ServerCall<?, ?> call, StatusRuntimeException refusal) {
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
            server.sendMessage(change.apply(request));
            if (caller.getMethodDescriptor().getType().clientSendsOneMessage()) {
                return;
            }
            if (!requests.holdUnless(server::isReady)) {
                caller.request(1);
            }
        }

        @Override
        public void onHalfClose() {
            server.halfClose();
        }

        @Override
        public void onCancel() {
            server.cancel("the caller went away", null);
        }

        @Override
        public void onReady() {
            if (responses.release()) {
                server.request(1);
            }
        }
    }

    private final class FromServer extends ClientCall.Listener<R> {
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
                server.request(1);
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
