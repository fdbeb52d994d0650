package io.dray.bench.micro;

import io.dray.core.telemetry.Meters;
import io.dray.sidecar.peers.AddressCache;
import io.dray.sidecar.peers.AddressKey;
import io.dray.sidecar.peers.Member;
import io.dray.sidecar.peers.Members;
import io.dray.sidecar.routers.ControlLoop;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Look-ups of addresses as the forwarder makes them: all known, in turn, and one that nobody knows. */
@State(Scope.Benchmark)
public class AddressCacheBench {
    private static final AddressKey UNKNOWN = new AddressKey(AddressKey.AGENT, "nobody");

    /** How many addresses the cache holds. */
    @Param({"100", "10000"})
    public int addresses;

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final AddressCache cache = new AddressCache(ControlLoop.on(executor), new NoRouter(), new Meters());
    private AddressKey[] keys = new AddressKey[0];
    private int next;

    /** Puts the addresses in. */
    @Setup
    public void fill() {
        keys = new AddressKey[addresses];
        for (int i = 0; i < addresses; i++) {
            keys[i] = new AddressKey(AddressKey.AGENT, "agent-" + i);
            cache.put(keys[i], List.of(new Member("node-" + i % 7, 1)));
        }
    }

    /**
     * Looks up an address that is known.
     *
     * @return who answers
     */
    @Benchmark
    public @Nullable Members hit() {
        next = next + 1 == keys.length ? 0 : next + 1;
        return cache.get(keys[next]);
    }

    /**
     * Looks up an address that is not known.
     *
     * @return null
     */
    @Benchmark
    public @Nullable Members miss() {
        return cache.get(UNKNOWN);
    }

    /** Ends the control loop. */
    @TearDown(Level.Trial)
    public void close() {
        executor.shutdownNow();
    }

    /** Knows no address and is never asked here. */
    private static final class NoRouter implements AddressCache.Source {
        @Override
        public void lookUp(AddressKey key, Consumer<Members> callback) {
            callback.accept(Members.NOBODY);
        }

        @Override
        public void refresh(AddressKey key) {
            // The entries are younger than a minute.
        }

        @Override
        public void forget(AddressKey key) {
            // Nothing was told to anybody.
        }
    }
}
