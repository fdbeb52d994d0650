package io.dray.router.fleet;

/** Interest of a node in a topic pattern; an empty group means subscribers outside of any. Immutable. */
public record Interest(String pattern, String queueGroup) {}
