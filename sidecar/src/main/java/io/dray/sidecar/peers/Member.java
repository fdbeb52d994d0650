package io.dray.sidecar.peers;

/** How many instances answer to an address on one other node; at least 1. */
public record Member(String node, int instances) {}
