package io.dray.router.fleet;

/**
 * Which router owns the pool, as sidecars are told. Immutable.
 *
 * @param address empty means here, the router that tells it
 * @param epoch grows with each owner
 */
public record PoolPlace(String router, String address, long epoch) {}
