package io.dray.bench.report;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was asked of a system. Systems with equal workloads are each other's peers.
 *
 * @param suite for example messaging
 * @param scenario the suite's name of it, for example request-reply
 * @param shape how the load is put on
 * @param payloadBytes of one message
 * @param outstanding messages under way at once; null for open loops and floods
 * @param ratePerS planned messages per second; null for closed loops and floods
 */
public record Workload(
        String suite,
        String scenario,
        Shape shape,
        int payloadBytes,
        @Nullable Integer outstanding,
        @Nullable Long ratePerS) {

    /** Refuses what a file left out. */
    public Workload {
        Objects.requireNonNull(suite, "suite");
        Objects.requireNonNull(scenario, "scenario");
        Objects.requireNonNull(shape, "shape");
    }

    /** Payload of one message, for example {@code 10 KB}. */
    String payload() {
        return Numbers.bytes(payloadBytes);
    }

    /** How the load is put on, for example {@code 64 outstanding}, {@code 10k/s} or {@code flood}. */
    String load() {
        return switch (shape) {
            case OPEN -> ratePerS == null ? "open" : Numbers.planned(ratePerS) + "/s";
            case CLOSED -> outstanding == null ? "closed" : outstanding + " outstanding";
            case FLOOD -> "flood";
        };
    }
}
