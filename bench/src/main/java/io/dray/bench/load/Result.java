package io.dray.bench.load;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * What one side saw of one stretch of load, as it travels from a child to its parent.
 *
 * @param sent messages and requests that left
 * @param operations messages received, each counted once, or requests answered
 * @param seconds in which they were
 * @param failures what ended in an error or never ended
 * @param firstFailure the first of them; empty means there was none
 * @param duplicates messages that came again; no operations
 * @param latencies an HdrHistogram of nanoseconds, V2 compressed, in Base64
 */
public record Result(
        long sent,
        long operations,
        double seconds,
        long failures,
        String firstFailure,
        long duplicates,
        String latencies) {
    private static final double NANOS_PER_SECOND = 1e9;

    /**
     * Puts a result together.
     *
     * @param sent as above
     * @param operations as above
     * @param nanos in which they were
     * @param failures as above
     * @param firstFailure as above
     * @param latencies in nanoseconds
     * @return the result
     */
    public static Result of(
            long sent, long operations, long nanos, long failures, String firstFailure, Histogram latencies) {
        ByteBuffer bytes = ByteBuffer.allocate(latencies.getNeededByteBufferCapacity());
        int length = latencies.encodeIntoCompressedByteBuffer(bytes);
        String text = Base64.getEncoder().withoutPadding().encodeToString(Arrays.copyOf(bytes.array(), length));
        return new Result(sent, operations, nanos / NANOS_PER_SECOND, failures, firstFailure, 0, text);
    }

    /**
     * Says how many messages came again.
     *
     * @param some as above
     * @return the changed copy
     */
    Result withDuplicates(long some) {
        return new Result(sent, operations, seconds, failures, firstFailure, some, latencies);
    }

    /**
     * Returns the rate that was reached.
     *
     * @return operations per second
     */
    public double perSecond() {
        return operations / seconds;
    }

    /**
     * Decodes the latencies.
     *
     * @return in nanoseconds
     */
    public Histogram histogram() {
        try {
            return Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(latencies)), 0);
        } catch (DataFormatException e) {
            throw new IllegalStateException("a child's histogram cannot be read", e);
        }
    }
}
