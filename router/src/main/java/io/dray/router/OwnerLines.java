package io.dray.router;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * The connections to the router that owns the pool: a few, each made on first use. All calls on them end when another
 * router owns it, so that nobody waits for one that hangs. Thread-safe.
 */
final class OwnerLines implements AutoCloseable {
    private static final int LINES = 4;
    /** Beyond what a server takes on one connection, calls would wait unseen; some room is left for its own count. */
    private static final int MAX_CALLS = 1_000;

    private final Function<String, ManagedChannel> opener;
    private String address = "";
    private List<Line> lines = List.of();
    private boolean closed;

    /** One connection and the calls on it. */
    private record Line(ManagedChannel channel, AtomicInteger calls) {}

    /** @param opener opens a channel to an endpoint without waiting for the connection */
    OwnerLines(Function<String, ManagedChannel> opener) {
        this.opener = opener;
    }

    /** Returns a call to the router at an address, on the line with the fewest; empty when all of them are full. */
    <Q, R> Optional<ClientCall<Q, R>> call(String owner, MethodDescriptor<Q, R> method) {
        Line line = lines(owner).stream()
                .min(Comparator.comparingInt(each -> each.calls().get()))
                .orElse(null);
        if (line == null || line.calls().incrementAndGet() > MAX_CALLS) {
            if (line != null) {
                line.calls().decrementAndGet();
            }
            return Optional.empty();
        }
        return Optional.of(new Counted<>(line.channel().newCall(method, CallOptions.DEFAULT), line.calls()));
    }

    private List<Line> lines(String owner) {
        List<Line> before;
        List<Line> now;
        synchronized (this) {
            if (owner.equals(address) || closed) {
                return lines;
            }
            before = lines;
            List<Line> opened = new ArrayList<>();
            for (int i = 0; i < LINES; i++) {
                opened.add(new Line(opener.apply(owner), new AtomicInteger()));
            }
            address = owner;
            lines = List.copyOf(opened);
            now = lines;
        }
        end(before);
        return now;
    }

    /** Ends all calls and connections to other routers than the one at this address; empty means to all. */
    void close(String but) {
        List<Line> before;
        synchronized (this) {
            if (but.equals(address)) {
                return;
            }
            before = lines;
            address = "";
            lines = List.of();
        }
        end(before);
    }

    /** A channel waits up to two minutes between its own attempts, while a router that was away may be back. */
    void tryAgain() {
        List<Line> now;
        synchronized (this) {
            now = lines;
        }
        now.stream()
                .map(Line::channel)
                .filter(channel -> channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE)
                .forEach(ManagedChannel::resetConnectBackoff);
    }

    private static void end(List<Line> lines) {
        lines.forEach(line -> line.channel().shutdownNow());
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        close("");
    }

    /** Counts a call until it has ended. */
    private static final class Counted<Q, R> extends SimpleForwardingClientCall<Q, R> {
        private final AtomicInteger calls;

        Counted(ClientCall<Q, R> call, AtomicInteger calls) {
            super(call);
            this.calls = calls;
        }

        @Override
        public void start(Listener<R> listener, Metadata headers) {
            super.start(
                    new SimpleForwardingClientCallListener<>(listener) {
                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            calls.decrementAndGet();
                            super.onClose(status, trailers);
                        }
                    },
                    headers);
        }
    }
}
