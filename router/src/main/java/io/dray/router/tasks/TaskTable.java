package io.dray.router.tasks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All live tasks of a pool, by id and by idempotency key. Owned by the dispatcher's thread. */
public final class TaskTable {
    private final TreeMap<Long, TaskEntry> byId = new TreeMap<>();
    private final Map<TaskKey, TaskEntry> byKey = new HashMap<>();

    /** How a task is shown to its readers; null before its first commit. */
    public interface View {
        @Nullable
        TaskSnapshot of(TaskEntry entry);
    }

    public void add(TaskEntry entry) {
        byId.put(entry.id(), entry);
        if (entry.submission().hasKey()) {
            byKey.put(entry.submission().key(), entry);
        }
    }

    public void remove(TaskEntry entry) {
        byId.remove(entry.id());
        if (entry.submission().hasKey()) {
            byKey.remove(entry.submission().key());
        }
    }

    public @Nullable TaskEntry find(long id) {
        return byId.get(id);
    }

    public @Nullable TaskEntry find(TaskKey key) {
        return byKey.get(key);
    }

    public int size() {
        return byId.size();
    }

    public void clear() {
        byId.clear();
        byKey.clear();
    }

    public Collection<TaskEntry> all() {
        return byId.values();
    }

    /** Returns committed tasks that match, newest first, below an id; looks at a bounded number of them. */
    public Page page(View view, TaskFilter filter, long beforeId, int maxTasks, int maxExamined) {
        List<TaskSnapshot> found = new ArrayList<>();
        int examined = 0;
        for (TaskEntry entry : byId.headMap(beforeId, false).descendingMap().values()) {
            TaskSnapshot visible = view.of(entry);
            if (visible != null && filter.matches(visible)) {
                found.add(visible);
            }
            examined++;
            if (found.size() == maxTasks || examined == maxExamined) {
                return new Page(found, entry.id());
            }
        }
        return new Page(found, Page.NOTHING_BELOW);
    }
}
