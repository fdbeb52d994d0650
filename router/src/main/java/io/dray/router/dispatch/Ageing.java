package io.dray.router.dispatch;

import io.dray.router.tasks.TaskEntry;
import io.dray.router.tasks.TaskQueue;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that no task starves behind more urgent bands or other capabilities: it counts how often each band whose
 * first task's turn has come was passed over, and names the one that is owed a placement. Owned by the dispatcher's
 * thread.
 */
final class Ageing {
    /*
     * A group is a band of a capability. Groups compete where workers offer the capabilities of both. From the turn of
     * its first task on (TaskQueue: the deadline, or the band's horizon after it was ready) a group is passed over at
     * most SHARE - 1 times; then it is owed a placement, which goes before all that is more urgent. Several that are
     * owed are served by who was passed over most often, so each of the others at most once before it.
     *
     * So, for a task that fits on a node that is free and not kept for a task with an earlier turn, that no limit holds
     * back, and that has fewer than `window` tasks of its kind (TaskKind: labels and size) before it in its group which
     * fit nowhere (the windows of more than 16 kinds are smaller):
     *
     *     placements of other groups between its turn and its own  <=  (earlier + 1) * (SHARE + groups - 2)
     *
     * where `earlier` counts the placements of its own group with an earlier turn meanwhile, and `groups` is BANDS times
     * the capabilities that the same workers offer. `earlier` is finite: who is ready after its turn has a later one.
     * More urgent groups keep what the others are not owed: 5 of 8 placements of one capability at least.
     */
    static final int SHARE = 8;

    /** A band of a capability. */
    record Group(String capability, int band) {}

    private final TaskQueue queue;
    private final Map<Group, Integer> passedOver = new HashMap<>();
    private final Set<Group> setAside = new HashSet<>();
    private long nowMicros;

    Ageing(TaskQueue queue) {
        this.queue = queue;
    }

    /** Returns how many placements of other groups a task may see between its turn and its own; the class says when. */
    static long bound(int groups, long earlier) {
        return (earlier + 1) * (SHARE + groups - 2);
    }

    /** Begins a round of placements: what did not fit in the one before may fit now. */
    void begin(long micros) {
        nowMicros = micros;
        setAside.clear();
    }

    /** Returns whether the turn of a task has come. */
    boolean isDue(TaskEntry entry) {
        return entry.turnMicros() <= nowMicros;
    }

    /** Counts a placement on a worker: all others that it could have taken instead were passed over. */
    void placed(TaskEntry placed, List<String> offered) {
        Group served = new Group(placed.submission().spec().getCapability(), TaskQueue.bandOf(placed));
        passedOver.remove(served);
        for (String capability : offered) {
            for (int band = 0; band < TaskQueue.BANDS && !queue.isEmpty(capability); band++) {
                TaskEntry first = queue.first(capability, band);
                if (first != null && isDue(first)) {
                    Group group = new Group(capability, band);
                    if (!group.equals(served)) {
                        passedOver.merge(group, 1, Integer::sum);
                    }
                }
            }
        }
    }

    /** Returns the group that must be served before all others; null if none is. */
    @Nullable
    Group owed() {
        if (passedOver.isEmpty()) {
            return null;
        }
        passedOver.keySet().removeIf(this::isNotDue);
        Group owed = null;
        int most = SHARE - 2;
        for (Map.Entry<Group, Integer> group : passedOver.entrySet()) {
            if (group.getValue() > most && !setAside.contains(group.getKey())) {
                owed = group.getKey();
                most = group.getValue();
            }
        }
        return owed;
    }

    private boolean isNotDue(Group group) {
        TaskEntry first = queue.first(group.capability(), group.band());
        return first == null || !isDue(first);
    }

    /** Nothing of an owed group fits anywhere: it keeps its claim, but not in this round. */
    void setAside(Group group) {
        setAside.add(group);
    }
}
