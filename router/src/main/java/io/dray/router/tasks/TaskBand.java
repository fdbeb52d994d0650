package io.dray.router.tasks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The pending tasks of one capability and priority, by kind: those that wait for a node with a label do not stand before
 * those that need none. Owned by the dispatcher's thread.
 */
final class TaskBand {
    /** Windows together are as large as that many; of more kinds each has a smaller one. */
    private static final int MOST_WINDOWS = 16;

    private static final Comparator<TaskEntry> BY_TURN =
            (one, other) -> one == other ? 0 : TaskHeap.isBefore(one, other) ? -1 : 1;

    private final Map<TaskKind, TaskLanes> kinds = new HashMap<>();

    boolean isEmpty() {
        return kinds.isEmpty();
    }

    Stream<TaskLane> lanes() {
        return kinds.values().stream().flatMap(lanes -> lanes.lanes().stream());
    }

    @Nullable
    TaskLane lane(TaskKind kind, String queue) {
        TaskLanes lanes = kinds.get(kind);
        return lanes == null ? null : lanes.lane(queue);
    }

    void add(TaskLane lane) {
        kinds.computeIfAbsent(lane.kind(), _ -> new TaskLanes()).add(lane);
    }

    void remove(TaskLane lane) {
        TaskLanes lanes = lanesWith(lane);
        lanes.remove(lane);
        if (lanes.isEmpty()) {
            kinds.remove(lane.kind());
        }
    }

    void add(TaskLane lane, TaskEntry entry, boolean isClosed) {
        lanesWith(lane).add(lane, entry, isClosed);
    }

    void remove(TaskLane lane, TaskEntry entry, boolean isClosed) {
        lanesWith(lane).remove(lane, entry, isClosed);
    }

    void close(TaskLane lane) {
        lanesWith(lane).close(lane);
    }

    void open(TaskLane lane) {
        lanesWith(lane).open(lane);
    }

    private TaskLanes lanesWith(TaskLane lane) {
        return Objects.requireNonNull(kinds.get(lane.kind()));
    }

    @Nullable
    TaskEntry first() {
        TaskEntry first = null;
        for (TaskLanes lanes : kinds.values()) {
            TaskEntry candidate = lanes.first();
            if (candidate != null && (first == null || TaskHeap.isBefore(candidate, first))) {
                first = candidate;
            }
        }
        return first;
    }

    /** Returns the first tasks of each kind that no limit holds back, in the order of their turns. */
    List<TaskEntry> head(int window) {
        if (kinds.size() == 1) {
            return kinds.values().iterator().next().head(window);
        }
        int most = MOST_WINDOWS * window;
        int each = Math.clamp(most / Math.max(1, kinds.size()), 1, window);
        List<TaskEntry> head = new ArrayList<>();
        kindsByTurn(most).forEach(lanes -> head.addAll(lanes.head(each)));
        head.sort(BY_TURN);
        return head;
    }

    private Collection<TaskLanes> kindsByTurn(int most) {
        if (kinds.size() <= most) {
            return kinds.values();
        }
        Map<TaskEntry, TaskLanes> byFirst = new HashMap<>();
        for (TaskLanes lanes : kinds.values()) {
            TaskEntry first = lanes.first();
            if (first != null) {
                byFirst.put(first, lanes);
            }
        }
        List<TaskLanes> earliest = new ArrayList<>();
        byFirst.keySet().stream().sorted(BY_TURN).limit(most).forEach(first -> earliest.add(byFirst.get(first)));
        return earliest;
    }
}
