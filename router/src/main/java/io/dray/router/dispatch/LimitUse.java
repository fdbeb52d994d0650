package io.dray.router.dispatch;

import io.dray.router.tasks.Limit;

/** A limit, how many attempts run under it, and how many ready tasks it holds back. Immutable. */
public record LimitUse(Limit limit, long running, long heldBack) {}
