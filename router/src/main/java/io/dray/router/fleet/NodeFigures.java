package io.dray.router.fleet;

/**
 * The figures of one node report that placement needs. Totals of 0 mean that the sidecar could not measure them.
 * Immutable.
 */
public record NodeFigures(
        long number,
        int freeCpuMillis,
        long freeMemoryBytes,
        int totalCpuMillis,
        long totalMemoryBytes,
        long assignmentsCountedThrough) {}
