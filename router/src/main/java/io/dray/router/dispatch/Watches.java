package io.dray.router.dispatch;

import io.dray.router.tasks.TaskSnapshot;
import io.dray.types.v1.Error;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who watches which tasks. Owned by the dispatcher's thread. */
final class Watches {
    private final Map<Long, Set<Watch>> byTask = new HashMap<>();
    private final Map<Watch, Set<Long>> open = new HashMap<>();
    private final Set<Watch> filtered = new LinkedHashSet<>();

    /** Adds a watch of all tasks that match. */
    void addFiltered(Watch watch) {
        filtered.add(watch);
    }

    /** Adds a watch of live tasks; without any it has nothing more to hear. */
    void addNamed(Watch watch, Set<Long> liveIds) {
        if (liveIds.isEmpty()) {
            watch.end(null);
            return;
        }
        open.put(watch, new HashSet<>(liveIds));
        liveIds.forEach(
                id -> byTask.computeIfAbsent(id, _ -> new LinkedHashSet<>()).add(watch));
    }

    void remove(Watch watch) {
        filtered.remove(watch);
        Set<Long> ids = open.remove(watch);
        if (ids != null) {
            ids.forEach(id -> forget(id, watch));
        }
        watch.end(null);
    }

    private void forget(long id, Watch watch) {
        Set<Watch> watchers = byTask.get(id);
        if (watchers != null && watchers.remove(watch) && watchers.isEmpty()) {
            byTask.remove(id);
        }
    }

    void publish(TaskSnapshot task) {
        for (Watch watch : filtered) {
            if (watch.matches(task)) {
                watch.offer(task);
            }
        }
        Set<Watch> watchers = byTask.get(task.id());
        if (watchers == null) {
            return;
        }
        for (Watch watch : List.copyOf(watchers)) {
            watch.offer(task);
            if (task.isEnded()) {
                finishedFor(watch, task.id());
            }
        }
    }

    private void finishedFor(Watch watch, long id) {
        forget(id, watch);
        Set<Long> left = open.get(watch);
        if (left != null && left.remove(id) && left.isEmpty()) {
            open.remove(watch);
            watch.end(null);
        }
    }

    /** Ends all watches. */
    void endAll(Error reason) {
        List<Watch> all = new ArrayList<>(open.keySet());
        all.addAll(filtered);
        byTask.clear();
        open.clear();
        filtered.clear();
        all.forEach(watch -> watch.end(reason));
    }
}
