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
import java.time.Duration;
import java.util.Optional;

/**
 * Says what went wrong with a connection, at which address and what to do, where gRPC has only words of its own.
 * Thread-safe.
 *
 * @param kind what a command expects at the endpoint
 * @param timeout how long it waits for the answer
 */
record OwnWords(String endpoint, Kind kind, Duration timeout) implements ClientInterceptor {
    /** What may answer at an endpoint. */
    enum Kind {
        SIDECAR("sidecar", "the endpoint of a sidecar; dray up prints it; name it by --sidecar or DRAY_SIDECAR"),
        ROUTER("router", "the endpoint of a router, host:port; dray up prints it; name it by --router or DRAY_ROUTER");

        private final String word;
        private final String expected;

        Kind(String word, String expected) {
            this.word = word;
            this.expected = expected;
        }
    }

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
        private volatile boolean isAnswered;

        Explaining(ClientCall.Listener<A> listener) {
            super(listener);
        }

        @Override
        public void onMessage(A message) {
            isAnswered = true;
            super.onMessage(message);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            super.onClose(explain(status, isAnswered), trailers);
        }
    }

    private Status explain(Status status, boolean isAnswered) {
        String said = Optional.ofNullable(status.getDescription()).orElse("");
        return switch (status.getCode()) {
            // A status with a cause was made on this side: the other side never spoke.
            case UNAVAILABLE -> status.getCause() == null ? status : nobody(status);
            case UNIMPLEMENTED -> said.startsWith("Method not found") ? noneOfThatKind(status) : status;
            case INTERNAL, UNKNOWN -> status.getCause() != null || isHttp(said) ? noneOfThatKind(status) : status;
            case DEADLINE_EXCEEDED -> isOfThisSide(said) ? tooLate(status, isAnswered) : status;
            default -> status;
        };
    }

    private Status nobody(Status status) {
        return status.withDescription("Nobody answers at " + endpoint
                + " (expected: a running mesh; start one by: dray up, or name another by --sidecar or --router).");
    }

    private Status noneOfThatKind(Status status) {
        return Status.UNAVAILABLE
                .withCause(status.getCause())
                .withDescription(
                        "What answers at " + endpoint + " is no " + kind.word + " (expected: " + kind.expected + ").");
    }

    private Status tooLate(Status status, boolean isAnswered) {
        if (isAnswered) {
            return status.withDescription("The time of " + seconds()
                    + " is over (expected: the end within --timeout; give it more time, or leave --timeout out).");
        }
        String said = String.valueOf(status.getDescription());
        String what = said.contains("was_still_waiting")
                ? "No connection to " + endpoint + " came about within "
                : "No answer came from " + endpoint + " within ";
        return status.withDescription(what + seconds() + " (expected: a " + kind.word
                + " that is up and not overloaded; ask again, or with a longer --timeout where the command has one).");
    }

    private String seconds() {
        return timeout.toMillis() / 1_000.0 + " s";
    }

    private static boolean isOfThisSide(String said) {
        return said.contains("CallOptions deadline");
    }

    /** How gRPC tells of an answer that is HTTP and not gRPC. */
    private static boolean isHttp(String said) {
        return said.startsWith("HTTP status code") || said.contains("invalid content-type");
    }
}
