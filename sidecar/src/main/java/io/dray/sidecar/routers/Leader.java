package io.dray.sidecar.routers;

/**
 * The router that owns the pool, as some router said. Immutable.
 *
 * @param endpoint where it is: as configured where it said so itself, else as it calls itself
 * @param epoch grows with each owner
 */
public record Leader(String endpoint, long epoch) {}
