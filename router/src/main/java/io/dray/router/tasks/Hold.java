package io.dray.router.tasks;

/** Which worker an attempt was given to, and under which token. Immutable. */
public record Hold(long token, String node, String instance, long assignedMicros) {}
