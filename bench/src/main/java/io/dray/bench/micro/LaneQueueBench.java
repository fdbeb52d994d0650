package io.dray.bench.micro;

import io.dray.core.net.MemoryBudget;
import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.frame.FramePool;
import io.dray.sidecar.queue.Destination;
import io.dray.sidecar.queue.Hop;
import io.dray.sidecar.queue.LaneQueue;
import io.dray.sidecar.queue.Origin;
import io.dray.sidecar.queue.Parcel;
import io.dray.types.v1.Error;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** One frame's envelopes into the four lanes of a queue and out again; the figure is for one envelope. */
@State(Scope.Thread)
public class LaneQueueBench {
    private static final int BATCH = 64;
    private static final int ENVELOPE_BYTES = 141;
    private static final long LIMIT_BYTES = 1 << 20;
    private static final int NORMAL = 2;

    /** In how many of the four lanes the envelopes are. */
    @Param({"1", "4"})
    public int lanes;

    private final LaneQueue queue = new LaneQueue(LIMIT_BYTES, new MemoryBudget(LIMIT_BYTES), new FramePool());
    private final Parcel parcel = Parcel.of(
            Frame.of(new byte[BATCH * ENVELOPE_BYTES], 0),
            ENVELOPE_BYTES,
            ENVELOPE_BYTES - 3,
            new Silent(),
            new Destination(Destination.AGENT, "sink"),
            Hop.from(""));
    private final Parcel taken = new Parcel();

    /**
     * Offers all and polls all.
     *
     * @return the sum of the sequences that came out
     */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long offerAndPoll() {
        for (int i = 0; i < BATCH; i++) {
            parcel.offset = i * ENVELOPE_BYTES;
            parcel.sequence = i;
            parcel.lane = lanes == 1 ? NORMAL : i % lanes;
            queue.offer(parcel);
        }
        long sum = 0;
        while (queue.poll(taken, Long.MAX_VALUE, Integer.MAX_VALUE)) {
            sum += taken.sequence;
            taken.frame.release();
        }
        return sum;
    }

    /** Wants no answers. */
    private static final class Silent implements Origin {
        @Override
        public void receipts(long session, long first, int count, int level, @Nullable Error error) {
            // Nobody waits for it.
        }

        @Override
        public void flow(Destination destination, int lane, boolean paused) {
            // The queue is never a quarter full.
        }

        @Override
        public void held(long bytes) {
            // Not counted here.
        }
    }
}
