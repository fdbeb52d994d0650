package io.dray.bench.simulation;

/** How many decisions were made and what each took, in real nanoseconds. Immutable. */
record Decisions(long count, double meanNanos, double medianNanos) {}
