package io.dray.router.tasks;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tasks by their turn, earliest first, in one array: a task costs a slot of it and knows its own place, so adding and
 * removing any of them is O(log n). A task is in at most one heap. Owned by the dispatcher's thread.
 */
final class TaskHeap {
    private static final int LEAST = 8;

    private @Nullable TaskEntry[] heap = new TaskEntry[LEAST];
    private int size;

    int size() {
        return size;
    }

    /** Returns whether the one goes before the other: by turn, then by age. */
    static boolean isBefore(TaskEntry one, TaskEntry other) {
        return one.turnMicros() == other.turnMicros() ? one.id() < other.id() : one.turnMicros() < other.turnMicros();
    }

    /** Returns the task at a place; 0 is the first, and those after {@code i} are at {@code 2i + 1} and {@code 2i + 2}. */
    TaskEntry at(int place) {
        return Objects.requireNonNull(heap[place], "place");
    }

    boolean contains(TaskEntry entry) {
        int place = entry.place();
        return place != TaskEntry.NO_PLACE && place < size && heap[place] == entry;
    }

    void add(TaskEntry entry) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        up(entry, size++);
    }

    void remove(TaskEntry entry) {
        int place = entry.place();
        TaskEntry last = at(--size);
        heap[size] = null;
        entry.moveTo(TaskEntry.NO_PLACE);
        if (last != entry) {
            up(last, place);
            down(last, last.place());
        }
        if (size < heap.length / 4 && heap.length > LEAST) {
            heap = Arrays.copyOf(heap, heap.length / 2);
        }
    }

    private void up(TaskEntry entry, int from) {
        int place = from;
        while (place > 0 && isBefore(entry, at((place - 1) / 2))) {
            put(at((place - 1) / 2), place);
            place = (place - 1) / 2;
        }
        put(entry, place);
    }

    private void down(TaskEntry entry, int from) {
        int place = from;
        while (2 * place + 1 < size) {
            int child = 2 * place + 1;
            if (child + 1 < size && isBefore(at(child + 1), at(child))) {
                child++;
            }
            if (!isBefore(at(child), entry)) {
                break;
            }
            put(at(child), place);
            place = child;
        }
        put(entry, place);
    }

    private void put(TaskEntry entry, int place) {
        heap[place] = entry;
        entry.moveTo(place);
    }
}
