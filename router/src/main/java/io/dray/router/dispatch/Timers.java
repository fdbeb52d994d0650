package io.dray.router.dispatch;

import io.dray.router.tasks.TaskEntry;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.LongConsumer;

/**
 * When to look at which task again: its deadline, or the end of its waiting. A timer that has become wrong fires
 * nevertheless; who is called looks at the task's state. Owned by the dispatcher's thread.
 */
final class Timers {
    private record Timer(long atMicros, long taskId) {}

    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparingLong(Timer::atMicros));

    void at(long micros, TaskEntry entry) {
        if (micros != Long.MAX_VALUE) {
            timers.add(new Timer(micros, entry.id()));
        }
    }

    /** Calls back with the id of each task whose time has come. */
    void fire(long nowMicros, LongConsumer due) {
        while (!timers.isEmpty() && timers.peek().atMicros() <= nowMicros) {
            due.accept(timers.remove().taskId());
        }
    }

    void clear() {
        timers.clear();
    }
}
