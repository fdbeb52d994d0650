package io.dray.router.tasks;

/** The pending tasks of one queue and kind in a band of one capability. Owned by the dispatcher's thread. */
final class TaskLane implements Comparable<TaskLane> {
    private final String capability;
    private final int band;
    private final TaskKind kind;
    private final String queue;
    private final TaskHeap tasks = new TaskHeap();

    TaskLane(String capability, int band, TaskKind kind, String queue) {
        this.capability = capability;
        this.band = band;
        this.kind = kind;
        this.queue = queue;
    }

    String capability() {
        return capability;
    }

    int band() {
        return band;
    }

    TaskKind kind() {
        return kind;
    }

    String queue() {
        return queue;
    }

    TaskHeap tasks() {
        return tasks;
    }

    /** Returns the task whose turn comes first. */
    TaskEntry first() {
        return tasks.at(0);
    }

    /** Compares the first tasks of two lanes that have some; no task is in two. */
    @Override
    public int compareTo(TaskLane other) {
        if (this == other) {
            return 0;
        }
        return TaskHeap.isBefore(first(), other.first()) ? -1 : 1;
    }
}
