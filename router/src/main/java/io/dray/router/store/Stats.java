package io.dray.router.store;

import java.util.List;
import java.util.OptionalLong;

/**
 * What a store says of itself. Immutable.
 *
 * @param kind sqlite or postgresql
 * @param place the file, or the database without password
 * @param schema version of the tables
 * @param oldestLiveMicros when the oldest live task was submitted; 0 means there is none
 * @param oldestFinishedMicros when the oldest finished task was submitted; 0 means there is none
 * @param freeBytes of the parts that are free for new rows, where the store knows
 */
public record Stats(
        String kind,
        String place,
        int schema,
        long oldestLiveMicros,
        long oldestFinishedMicros,
        List<Part> parts,
        long freeBytes) {
    public Stats {
        parts = List.copyOf(parts);
    }

    /**
     * A file or a table.
     *
     * @param rows about how many it has; empty where nobody knows without counting
     */
    public record Part(String name, long bytes, OptionalLong rows) {}
}
