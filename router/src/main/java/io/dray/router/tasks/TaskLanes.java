package io.dray.router.tasks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The pending tasks of one kind in a band: a lane for each queue, so that a queue which may not start anything now is
 * left out at once, however many tasks it has. Owned by the dispatcher's thread.
 */
final class TaskLanes {
    private final Map<String, TaskLane> lanes = new HashMap<>();
    /** The lanes that are not closed and have tasks, by their first one; a lane is out of it while that one changes. */
    private final TreeSet<TaskLane> open = new TreeSet<>();

    /** A place in a lane's heap whose task has not been taken into the head yet. */
    private record Place(TaskLane lane, int place) {
        TaskEntry task() {
            return lane.tasks().at(place);
        }
    }

    boolean isEmpty() {
        return lanes.isEmpty();
    }

    Collection<TaskLane> lanes() {
        return lanes.values();
    }

    @Nullable
    TaskLane lane(String queue) {
        return lanes.get(queue);
    }

    void add(TaskLane lane) {
        lanes.put(lane.queue(), lane);
    }

    void remove(TaskLane lane) {
        lanes.remove(lane.queue());
    }

    void add(TaskLane lane, TaskEntry entry, boolean isClosed) {
        boolean isNewFirst = lane.tasks().size() == 0 || TaskHeap.isBefore(entry, lane.first());
        if (isNewFirst && lane.tasks().size() > 0) {
            open.remove(lane);
        }
        lane.tasks().add(entry);
        if (isNewFirst && !isClosed) {
            open.add(lane);
        }
    }

    void remove(TaskLane lane, TaskEntry entry, boolean isClosed) {
        boolean wasFirst = lane.first() == entry;
        if (wasFirst) {
            open.remove(lane);
        }
        lane.tasks().remove(entry);
        if (wasFirst && lane.tasks().size() > 0 && !isClosed) {
            open.add(lane);
        }
    }

    void close(TaskLane lane) {
        open.remove(lane);
    }

    void open(TaskLane lane) {
        open.add(lane);
    }

    @Nullable
    TaskEntry first() {
        return open.isEmpty() ? null : open.first().first();
    }

    /** Returns the first tasks of the open lanes in the order of their turns: O(w log w) for a window of w. */
    List<TaskEntry> head(int window) {
        if (open.isEmpty()) {
            return List.of();
        }
        List<TaskEntry> head = new ArrayList<>();
        PriorityQueue<Place> next = new PriorityQueue<>(TaskLanes::compare);
        Iterator<TaskLane> later = open.iterator();
        TaskLane lane = later.hasNext() ? later.next() : null;
        while (head.size() < window && (lane != null || !next.isEmpty())) {
            // Lanes come by their first task, so one is needed only when that task's turn has come.
            if (lane != null
                    && (next.isEmpty()
                            || TaskHeap.isBefore(lane.first(), next.peek().task()))) {
                next.add(new Place(lane, 0));
                lane = later.hasNext() ? later.next() : null;
            }
            Place taken = next.remove();
            head.add(taken.task());
            addAfter(taken, next);
        }
        return head;
    }

    private static int compare(Place one, Place other) {
        return TaskHeap.isBefore(one.task(), other.task()) ? -1 : 1;
    }

    private static void addAfter(Place taken, Collection<Place> next) {
        for (int place = 2 * taken.place() + 1; place <= 2 * taken.place() + 2; place++) {
            if (place < taken.lane().tasks().size()) {
                next.add(new Place(taken.lane(), place));
            }
        }
    }
}
