package io.dray.bench.load;

/**
 * Figures of one window of load on one system.
 *
 * @param perSecond finished requests, or received messages, per second
 * @param p50Micros median latency
 * @param p99Micros 99th percentile of latency
 * @param serverCpu cores used by what serves the load
 * @param agentsCpu cores used by source and sink
 * @param foreignCpu cores used by everything else on the machine
 * @param failures what ended in an error
 * @param firstFailure the first of them; empty means there was none
 */
public record Window(
        double perSecond,
        double p50Micros,
        double p99Micros,
        double serverCpu,
        double agentsCpu,
        double foreignCpu,
        long failures,
        String firstFailure) {}
