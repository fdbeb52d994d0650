package io.dray.sidecar;

import io.dray.core.net.LaneSchedule;
import io.dray.sidecar.queue.Parcel;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * How long routing took: from the arrival of an envelope's frame to its write to the agent, without the time in which
 * the agent's window was shut. Counts apart what waited for longer than the budget of its lane, that time included.
 * Thread-safe.
 */
final class RouteTimes {
    private static final long MAX_MICROS = TimeUnit.MINUTES.toMicros(10);
    private static final int DIGITS = 2;

    private final Recorder recorder = new Recorder(MAX_MICROS, DIGITS);
    private final Histogram all = new Histogram(MAX_MICROS, DIGITS);
    private final boolean isCounting;
    /** By lane; replaced as a whole, never written to. */
    private volatile long[] budgetNanos;

    private final LongAdder[] misses = new LongAdder[LaneSchedule.LANES];

    /**
     * Creates empty times.
     *
     * @param isCounting whether anything is recorded
     * @param lanes how long envelopes may wait
     */
    RouteTimes(boolean isCounting, SidecarConfig.Lanes lanes) {
        this.isCounting = isCounting;
        this.budgetNanos = nanos(lanes);
        Arrays.setAll(misses, _ -> new LongAdder());
    }

    /** Changes how long envelopes may wait; what is counted stays. */
    void budgets(SidecarConfig.Lanes lanes) {
        budgetNanos = nanos(lanes);
    }

    /**
     * Records a run that is being written.
     *
     * @param arrivedNanos when it was received; the parcel says when the agent took what waits, if that was later
     */
    void record(Parcel parcel, long arrivedNanos, long nowNanos) {
        if (!isCounting) {
            return;
        }
        long routing = Math.max(0, nowNanos - parcel.arrivedNanos);
        recorder.recordValueWithCount(Math.min(MAX_MICROS, routing / 1_000), parcel.count);
        if (nowNanos - arrivedNanos > budgetNanos[parcel.lane]) {
            misses[parcel.lane].add(parcel.count);
        }
    }

    /** Envelopes of a lane that waited for longer than its budget. */
    long misses(int lane) {
        return misses[lane].sum();
    }

    /** Returns everything recorded so far, V2 compressed, in microseconds. */
    synchronized byte[] encoded() {
        all.add(recorder.getIntervalHistogram());
        ByteBuffer buffer = ByteBuffer.allocate(all.getNeededByteBufferCapacity());
        int length = all.encodeIntoCompressedByteBuffer(buffer);
        return Arrays.copyOf(buffer.array(), length);
    }

    private static long[] nanos(SidecarConfig.Lanes lanes) {
        return IntStream.range(0, LaneSchedule.LANES)
                .mapToLong(lanes::budgetNanos)
                .toArray();
    }
}
