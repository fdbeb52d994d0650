package io.dray.agent;

import io.dray.core.net.LaneSchedule;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Four queues by priority, drained by weight; order is kept within each. Guarded by its owner. */
final class Lanes<T> {
    private final List<Deque<T>> lanes = new ArrayList<>();
    private final LaneSchedule schedule = new LaneSchedule();
    private int waiting;
    private int size;

    Lanes() {
        for (int i = 0; i < LaneSchedule.LANES; i++) {
            lanes.add(new ArrayDeque<>());
        }
    }

    void addLast(int lane, T item) {
        lanes.get(lane).addLast(item);
        waiting |= 1 << lane;
        size++;
    }

    void addFirst(int lane, T item) {
        lanes.get(lane).addFirst(item);
        waiting |= 1 << lane;
        size++;
    }

    /** Takes the next one by weight, or null. */
    @Nullable
    T poll() {
        return waiting == 0 ? null : take(schedule.next(waiting));
    }

    /** Takes the next one of the most urgent lane alone, or null. */
    @Nullable
    T pollCritical() {
        return hasCritical() ? take(0) : null;
    }

    boolean hasCritical() {
        return (waiting & 1) != 0;
    }

    int size() {
        return size;
    }

    private T take(int lane) {
        Deque<T> queue = lanes.get(lane);
        T item = queue.removeFirst();
        if (queue.isEmpty()) {
            waiting &= ~(1 << lane);
        }
        size--;
        return item;
    }
}
