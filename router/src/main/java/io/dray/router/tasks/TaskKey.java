package io.dray.router.tasks;

/** An idempotency key within its tenant. Immutable. */
public record TaskKey(String tenant, String key) {}
