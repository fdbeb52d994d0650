package io.dray.sidecar.peers;

/**
 * The wish of another node to receive what is published under a pattern.
 *
 * @param queueGroup empty means subscribers outside of any queue group
 */
public record RemoteInterest(String node, String pattern, String queueGroup) {}
