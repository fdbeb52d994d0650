package io.dray.router.tasks;

/** The pending tasks of one queue in a band of one capability. Owned by the dispatcher's thread. */
final class TaskLane implements Comparable<TaskLane> {
    private final String capability;
    private final int band;
    private final String queue;
    private final TaskHeap tasks = new TaskHeap();

    TaskLane(String capability, int band, String queue) {
        this.capability = capability;
        this.band = band;
        this.queue = queue;
    }

    String capability() {
        return capability;
    }

    int band() {
        return band;
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
