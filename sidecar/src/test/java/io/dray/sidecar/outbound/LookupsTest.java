package io.dray.sidecar.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.net.MemoryBudget;
import io.dray.core.telemetry.Meters;
import io.dray.core.testing.ManualLoop;
import io.dray.sidecar.frame.FramePool;
import io.dray.sidecar.peers.Announcement;
import io.dray.sidecar.peers.DirectoryClient;
import io.dray.sidecar.queue.Destination;
import io.dray.sidecar.queue.LaneQueue;
import io.dray.sidecar.queue.Levels;
import io.dray.sidecar.queue.Parcel;
import io.dray.sidecar.queue.Parcels;
import io.dray.sidecar.queue.RecordingOrigin;
import io.dray.sidecar.queue.RecordingOrigin.Told;
import io.dray.sidecar.routers.ControlLoop;
import io.dray.sidecar.routers.FakeRouter;
import io.dray.sidecar.routers.Routers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LookupsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final long BROKEN = 13;

    private final ManualLoop loop = new ManualLoop();
    private final Routers silent = new Routers(List.of("nobody"), FakeRouter::open);
    private final RecordingOrigin origin = new RecordingOrigin();
    private final MemoryBudget budget = new MemoryBudget(10_000_000);
    private final FramePool pool = new FramePool();
    private final List<Long> forwarded = new ArrayList<>();
    private final Lookups lookups = lookups();

    private Lookups lookups() {
        var control = new ControlLoop(loop, loop.clock()::nanoTime, loop.clock(), new Random(7));
        var client = new DirectoryClient(silent, () -> new Announcement(List.of(), List.of()), control, new Meters());
        return new Lookups(client.addresses(), () -> new LaneQueue(100_000, budget, pool), this::forward);
    }

    private void forward(Parcel parcel, boolean resolved) {
        assertThat(resolved).isTrue();
        if (parcel.sequence == BROKEN) {
            throw new IllegalStateException("planted by the test");
        }
        forwarded.add(parcel.sequence);
    }

    @AfterEach
    void close() {
        silent.close();
    }

    private Parcel parcel(String agent, long sequence) {
        Parcel parcel = Parcels.of(origin, sequence, 10);
        parcel.destination = new Destination(Destination.AGENT, agent);
        return parcel;
    }

    @Test
    void refusesFurtherUnknownAddressesOnceTooManyAreLookedUp() {
        for (int i = 0; i < Lookups.MAX_WAITING; i++) {
            lookups.start(parcel("agent-" + i, 100 + i));
        }
        assertThat(origin.told()).isEmpty();

        lookups.start(parcel("one-more", 1));
        lookups.start(parcel("agent-0", 2));

        assertThat(origin.told()).containsExactly(new Told(1, Levels.REFUSED, "CODE_MEMORY_FULL"));
        loop.advance(PATIENCE);
        assertThat(forwarded)
                .hasSize(Lookups.MAX_WAITING + 1)
                .startsWith(100L, 2L)
                .doesNotContain(1L);
        lookups.start(parcel("one-more", 3));
        loop.advance(PATIENCE);
        assertThat(forwarded).endsWith(3L);
        assertThat(budget.used()).isZero();
    }

    @Test
    void whatCannotGoOnIsRefusedAloneAndItsAddressWaitsNoLonger() {
        for (long sequence = 12; sequence <= 14; sequence++) {
            lookups.start(parcel("x", sequence));
        }

        loop.advance(PATIENCE);

        assertThat(forwarded).containsExactly(12L, 14L);
        assertThat(origin.told()).containsExactly(new Told(BROKEN, Levels.REFUSED, "CODE_INTERNAL"));
        assertThat(lookups.joined(parcel("x", 15))).isFalse();
        assertThat(budget.used()).isZero();
        assertThat(origin.heldBytes()).isZero();
    }
}
