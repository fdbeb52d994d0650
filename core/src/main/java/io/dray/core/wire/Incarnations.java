package io.dray.core.wire;

import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether the start of a node can be one. A node's name belongs to its greatest incarnation, so a made-up one from the
 * far future would lock the name out; within a day only certificates help. Stateless.
 */
public final class Incarnations {
    private static final Duration CLOCKS_DIFFER = Duration.ofDays(1);

    private Incarnations() {}

    /** Checks the incarnation of a node, by the clock of this host in Unix microseconds. */
    public static Optional<Error> check(long incarnation, long nowMicros) {
        if (incarnation <= 0) {
            return Optional.of(MeshError.of(
                    Code.CODE_MISSING_FIELD, "The node has no incarnation.", "", "its start in Unix nanoseconds"));
        }
        long latestMicros = nowMicros + CLOCKS_DIFFER.toMillis() * 1_000;
        if (incarnation / 1_000 <= latestMicros) {
            return Optional.empty();
        }
        return Optional.of(MeshError.of(
                Code.CODE_INVALID_REQUEST,
                "The start of the node lies in the future: set the clock of its host, or of this one.",
                Long.toString(incarnation),
                "Unix nanoseconds, at most " + latestMicros + "000"));
    }
}
