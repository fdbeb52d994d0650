package io.dray.router.tasks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pending tasks: per capability four bands by priority, each first come, first served. A capability is a queue of
 * its own so that tasks which no worker can do hold up nobody else's. Owned by the dispatcher's thread.
 */
public final class TaskQueue {
    public static final int BANDS = 4;

    private final Map<String, List<SequencedSet<TaskEntry>>> bands = new HashMap<>();
    private final Set<String> added = new HashSet<>();
    private int size;

    /** Puts a task at the end of its band. */
    public void add(TaskEntry entry) {
        if (band(entry).add(entry)) {
            added.add(entry.submission().spec().getCapability());
            size++;
        }
    }

    /** Puts a task that was taken before at the head of its band. */
    public void addFirst(TaskEntry entry) {
        SequencedSet<TaskEntry> band = band(entry);
        if (!band.contains(entry)) {
            band.addFirst(entry);
            added.add(entry.submission().spec().getCapability());
            size++;
        }
    }

    public void remove(TaskEntry entry) {
        String capability = entry.submission().spec().getCapability();
        List<SequencedSet<TaskEntry>> all = bands.get(capability);
        if (all == null || !all.get(bandOf(entry)).remove(entry)) {
            return;
        }
        size--;
        if (all.stream().allMatch(Set::isEmpty)) {
            bands.remove(capability);
        }
    }

    public int size() {
        return size;
    }

    public void clear() {
        bands.clear();
        added.clear();
        size = 0;
    }

    /** Returns, once, the capabilities for which a task was added since the last call. */
    public Set<String> takeAdded() {
        Set<String> taken = Set.copyOf(added);
        added.clear();
        return taken;
    }

    public boolean isEmpty(String capability) {
        return !bands.containsKey(capability);
    }

    public Set<String> capabilities() {
        return Set.copyOf(bands.keySet());
    }

    /** Returns the first tasks of a band, oldest first; band 0 is the most urgent. */
    public List<TaskEntry> head(String capability, int band, int window) {
        List<SequencedSet<TaskEntry>> all = bands.get(capability);
        if (all == null || all.get(band).isEmpty()) {
            return List.of();
        }
        List<TaskEntry> head = new ArrayList<>(Math.min(window, all.get(band).size()));
        for (TaskEntry entry : all.get(band)) {
            if (head.size() == window) {
                break;
            }
            head.add(entry);
        }
        return head;
    }

    /** Returns the oldest task of a band. */
    public @Nullable TaskEntry first(String capability, int band) {
        List<SequencedSet<TaskEntry>> all = bands.get(capability);
        return all == null || all.get(band).isEmpty() ? null : all.get(band).getFirst();
    }

    /** Returns the band of a task: the contract's priorities 1 (CRITICAL) to 4 (LOW) are bands 0 to 3. */
    public static int bandOf(TaskEntry entry) {
        return entry.submission().spec().getPriorityValue() - 1;
    }

    private SequencedSet<TaskEntry> band(TaskEntry entry) {
        List<SequencedSet<TaskEntry>> all =
                bands.computeIfAbsent(entry.submission().spec().getCapability(), _ -> newBands());
        return all.get(bandOf(entry));
    }

    private static List<SequencedSet<TaskEntry>> newBands() {
        List<SequencedSet<TaskEntry>> all = new ArrayList<>(BANDS);
        for (int i = 0; i < BANDS; i++) {
            all.add(new LinkedHashSet<>());
        }
        return all;
    }
}
