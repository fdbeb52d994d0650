package io.dray.sidecar.peers;

/**
 * Another sidecar of the mesh.
 *
 * @param incarnation its start in Unix nanoseconds
 * @param address where it is reached: host:port
 */
public record Peer(String node, long incarnation, String address) {}
