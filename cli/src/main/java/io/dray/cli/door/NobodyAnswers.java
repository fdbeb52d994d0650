package io.dray.cli.door;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;

/** Says at which address nobody answered, where gRPC says only that an exception happened. Thread-safe. */
record NobodyAnswers(String endpoint) implements ClientInterceptor {
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<A> listener, Metadata headers) {
                super.start(new Explaining<>(listener), headers);
            }
        };
    }

    private final class Explaining<A> extends SimpleForwardingClientCallListener<A> {
        Explaining(ClientCall.Listener<A> listener) {
            super(listener);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            super.onClose(explain(status), trailers);
        }
    }

    /** A status with a cause was made on this side: the other side never spoke. */
    private Status explain(Status status) {
        if (status.getCode() != Status.Code.UNAVAILABLE || status.getCause() == null) {
            return status;
        }
        return status.withDescription("Nobody answers at " + endpoint
                + " (expected: a running mesh; start one by: dray up, or name another by --sidecar or --router).");
    }
}
