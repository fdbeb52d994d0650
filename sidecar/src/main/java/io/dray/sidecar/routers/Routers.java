package io.dray.sidecar.routers;

import io.grpc.ManagedChannel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The channels to the routers, one per endpoint, opened on first use and shared by directory, work stream and task
 * door. Thread-safe; owns the channels.
 */
public final class Routers implements AutoCloseable {
    private static final long GOODBYE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final List<String> endpoints;
    private final Function<String, ManagedChannel> opener;
    private final Map<String, ManagedChannel> channels = new HashMap<>();
    private volatile String preferred;
    private volatile Consumer<Leader> follower = _ -> {};
    private boolean closed;

    /**
     * @param endpoints the configured routers; empty means that this mesh has none
     * @param opener opens a channel to an endpoint without waiting for the connection
     */
    public Routers(List<String> endpoints, Function<String, ManagedChannel> opener) {
        this.endpoints = List.copyOf(endpoints);
        this.opener = opener;
        this.preferred = endpoints.isEmpty() ? "" : endpoints.getFirst();
    }

    public List<String> endpoints() {
        return endpoints;
    }

    /** Returns the channel to an endpoint, which may be one that a router named as the leader. */
    public ManagedChannel channel(String endpoint) {
        synchronized (channels) {
            if (closed) {
                throw new IllegalStateException("routers are closed");
            }
            return channels.computeIfAbsent(endpoint, opener);
        }
    }

    /** Returns the router that last answered on the work stream, else the first configured one. */
    public Optional<String> preferred() {
        return preferred.isEmpty() ? Optional.empty() : Optional.of(preferred);
    }

    /** Names the router that unary calls go to from now on. */
    public void prefer(String endpoint) {
        preferred = endpoint;
    }

    /** Names who hears of the router that owns the pool; one, before the first stream starts. */
    public void follow(Consumer<Leader> leaders) {
        follower = leaders;
    }

    /** A router said which one owns the pool; on the control loop. */
    public void onLeader(Leader leader) {
        follower.accept(leader);
    }

    /** Lets goodbyes that are under way arrive, for half a second at most, and closes the channels. Blocks. */
    @Override
    public void close() {
        List<ManagedChannel> open;
        synchronized (channels) {
            closed = true;
            open = List.copyOf(channels.values());
            channels.clear();
        }
        open.forEach(ManagedChannel::shutdown);
        long untilNanos = System.nanoTime() + GOODBYE_NANOS;
        try {
            for (ManagedChannel channel : open) {
                channel.awaitTermination(untilNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            open.forEach(ManagedChannel::shutdownNow);
        }
    }
}
