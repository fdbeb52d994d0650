package io.dray.router.fleet;

/** Where one incarnation of a node is. Immutable. */
public record NodePlace(String node, long incarnation, String peerAddress, String adminAddress) {}
