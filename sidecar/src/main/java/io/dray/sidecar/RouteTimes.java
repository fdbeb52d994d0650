package io.dray.sidecar;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * How long routing took: from the arrival of an envelope's frame to its write to the agent, without the time in which
 * the agent's window was shut. Thread-safe.
 */
final class RouteTimes {
    private static final long MAX_MICROS = TimeUnit.MINUTES.toMicros(10);
    private static final int DIGITS = 2;

    private final Recorder recorder = new Recorder(MAX_MICROS, DIGITS);
    private final Histogram all = new Histogram(MAX_MICROS, DIGITS);

    void record(long nanos, int count) {
        recorder.recordValueWithCount(Math.min(MAX_MICROS, Math.max(0, nanos) / 1_000), count);
    }

    /** Returns everything recorded so far, V2 compressed, in microseconds. */
    synchronized byte[] encoded() {
        all.add(recorder.getIntervalHistogram());
        ByteBuffer buffer = ByteBuffer.allocate(all.getNeededByteBufferCapacity());
        int length = all.encodeIntoCompressedByteBuffer(buffer);
        return Arrays.copyOf(buffer.array(), length);
    }
}
