package io.dray.router.tasks;

/** Names one try at a task: its id and the token that fences all earlier tries. Immutable. */
public record AttemptKey(long taskId, long token) {}
