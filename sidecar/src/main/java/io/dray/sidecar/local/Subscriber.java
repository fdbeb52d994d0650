package io.dray.sidecar.local;

/** One instance's wish to receive a pattern, shared within a group unless the group is empty. */
public record Subscriber(String pattern, String queueGroup, LocalAgent agent) {}
