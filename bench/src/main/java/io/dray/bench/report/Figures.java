package io.dray.bench.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the senders and receivers of a load saw.
 *
 * @param throughputPerS finished messages per second
 * @param p50Us median latency in microseconds; null in a flood
 * @param p99Us 99th percentile; null in a flood
 * @param p999Us 99.9th percentile; null in a flood
 * @param queueingP50Us median time in the full queues of a flood; null otherwise
 * @param queueingP99Us 99th percentile of that
 * @param failures messages that ended in an error, were refused or never arrived
 * @param duplicates messages that came again; counted nowhere else
 */
public record Figures(
        double throughputPerS,
        @Nullable Double p50Us,
        @Nullable Double p99Us,
        @Nullable Double p999Us,
        @Nullable Double queueingP50Us,
        @Nullable Double queueingP99Us,
        long failures,
        long duplicates) {

    /**
     * Reports latencies of an open or closed loop.
     *
     * @param throughputPerS finished messages per second
     * @param latency of those messages
     * @param failures messages that ended in an error, were refused or never arrived
     * @return the figures
     */
    public static Figures of(double throughputPerS, Latency latency, long failures) {
        return new Figures(throughputPerS, latency.p50Us(), latency.p99Us(), latency.p999Us(), null, null, failures, 0);
    }

    /**
     * Reports the latencies of a flood, as queueing.
     *
     * @param throughputPerS finished messages per second
     * @param queueing time in the full queues
     * @param failures messages that were refused or never arrived
     * @return the figures
     */
    public static Figures ofFlood(double throughputPerS, Latency queueing, long failures) {
        return new Figures(throughputPerS, null, null, null, queueing.p50Us(), queueing.p99Us(), failures, 0);
    }

    /**
     * Adds what came again.
     *
     * @param some messages
     * @return the changed copy
     */
    public Figures withDuplicates(long some) {
        return new Figures(throughputPerS, p50Us, p99Us, p999Us, queueingP50Us, queueingP99Us, failures, some);
    }

    /** The medians of the windows, and the sums of their failures and duplicates. */
    static Figures median(List<Figures> windows) {
        return new Figures(
                Median.of(windows, Figures::throughputPerS),
                Median.ofKnown(windows, Figures::p50Us),
                Median.ofKnown(windows, Figures::p99Us),
                Median.ofKnown(windows, Figures::p999Us),
                Median.ofKnown(windows, Figures::queueingP50Us),
                Median.ofKnown(windows, Figures::queueingP99Us),
                windows.stream().mapToLong(Figures::failures).sum(),
                windows.stream().mapToLong(Figures::duplicates).sum());
    }
}
