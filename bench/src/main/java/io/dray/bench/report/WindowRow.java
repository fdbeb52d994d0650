package io.dray.bench.report;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

/**
 * One window of load on one system.
 *
 * @param seconds its length
 * @param figures what senders and receivers saw
 * @param cost what it cost
 * @param foreignCpu cores that processes outside of the benchmark used meanwhile
 * @param noisy whether that was over 20 % of one core
 */
public record WindowRow(
        double seconds,
        @JsonUnwrapped Figures figures,
        @JsonUnwrapped Cost cost,
        double foreignCpu,
        boolean noisy) {

    /** More foreign CPU than this part of one core makes a window noisy. */
    public static final double NOISY_CORES = 0.2;

    /**
     * Puts a window together and marks it when it is noisy.
     *
     * @param seconds its length
     * @param figures what senders and receivers saw
     * @param cost what it cost
     * @param foreignCpu cores used by processes outside of the benchmark
     * @return the window
     */
    public static WindowRow of(double seconds, Figures figures, Cost cost, double foreignCpu) {
        return new WindowRow(seconds, figures, cost, foreignCpu, foreignCpu > NOISY_CORES);
    }
}
