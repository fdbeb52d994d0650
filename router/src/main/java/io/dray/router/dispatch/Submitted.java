package io.dray.router.dispatch;

import io.dray.router.tasks.TaskSnapshot;

/** A committed task; {@code existed} when its key was known. Immutable. */
public record Submitted(TaskSnapshot task, boolean existed) {}
