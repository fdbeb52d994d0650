package io.dray.router.fleet;

/** What a task needs of a host: CPU in thousandths of a core and memory in bytes. Immutable. */
public record Demand(int cpuMillis, long memoryBytes) {}
