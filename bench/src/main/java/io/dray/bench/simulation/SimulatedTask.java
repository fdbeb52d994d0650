package io.dray.bench.simulation;

/**
 * A task as it arrives. Immutable.
 *
 * @param number from 0 in the order of arrival
 * @param arrivedNanos when it was submitted, in virtual time
 * @param cpuMillis thousandths of a core that it holds while it runs
 * @param memoryBytes what it holds while it runs
 * @param workNanos how long it runs on a node of speed 1
 */
record SimulatedTask(long number, long arrivedNanos, int cpuMillis, long memoryBytes, long workNanos) {}
