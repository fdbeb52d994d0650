package io.dray.router.tasks;

import java.util.List;

/** Some tasks, newest first, and the id down to which all were looked at. Immutable. */
public record Page(List<TaskSnapshot> tasks, long examinedDownTo) {
    /** No older task is left. */
    public static final long NOTHING_BELOW = 0;

    public Page {
        tasks = List.copyOf(tasks);
    }
}
