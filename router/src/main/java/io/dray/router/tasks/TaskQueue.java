package io.dray.router.tasks;

import io.dray.router.tasks.Limit.Scope;
import io.dray.router.v1.TaskSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The pending tasks: per capability four bands by priority, each in the order of the tasks' turns. A capability is a
 * queue of its own so that tasks which no worker can do hold up nobody else's, as is a kind of tasks for those that wait
 * for the same few nodes, and a queue that a limit closes leaves the others alone. Owned by the dispatcher's thread.
 */
public final class TaskQueue {
    /*
     * The turn of a task is the earlier of its deadline and `horizon(band)` after it was ready for the first time:
     * earliest deadline first, where a task without a near deadline stands as if it had one. Whoever is ready after
     * that has a later turn, so those before a task in its band only get fewer. A turn follows from what was submitted:
     * a task that is tried again or was rejected, also by a router before this one, is as old as ever.
     */
    public static final int BANDS = 4;

    /** How many times longer than `ageing` a band waits per band that is more urgent. */
    private static final long PATIENCE = 6;

    private final long ageingMicros;
    private final Map<String, TaskBand[]> bands = new HashMap<>();
    private final Map<String, Set<TaskLane>> lanesByQueue = new HashMap<>();
    private final Map<Scope, Set<String>> closed = new EnumMap<>(Scope.class);
    private final Set<String> added = new HashSet<>();
    private int size;

    /** Makes one whose horizons follow from how long a task waits before it counts as old. */
    public TaskQueue(Duration ageing) {
        ageingMicros = ageing.toNanos() / 1_000;
        for (Scope scope : Scope.values()) {
            closed.put(scope, new HashSet<>());
        }
    }

    /** Returns how long after it is ready the turn of a task without a near deadline comes. */
    public long horizonMicros(int band) {
        return PATIENCE * Math.max(1, band) * ageingMicros;
    }

    /** Puts a task where its turn says. */
    public void add(TaskEntry entry) {
        Submission submission = entry.submission();
        String capability = submission.spec().getCapability();
        int band = bandOf(entry);
        entry.turnAt(Math.min(submission.deadlineMicros(), submission.readyMicros() + horizonMicros(band)));
        TaskLane lane = lane(capability, band, submission.spec());
        if (!lane.tasks().contains(entry)) {
            bands(capability)[band].add(lane, entry, isClosed(lane));
            added.add(capability);
            size++;
        }
    }

    public void remove(TaskEntry entry) {
        String capability = entry.submission().spec().getCapability();
        TaskBand[] all = bands.get(capability);
        TaskBand band = all == null ? null : all[bandOf(entry)];
        TaskLane lane = band == null ? null : lane(band, entry.submission().spec());
        if (band == null || lane == null || !lane.tasks().contains(entry)) {
            return;
        }
        band.remove(lane, entry, isClosed(lane));
        size--;
        if (lane.tasks().size() == 0) {
            forget(band, lane);
        }
    }

    private TaskBand[] bands(String capability) {
        return bands.computeIfAbsent(capability, _ -> {
            TaskBand[] all = new TaskBand[BANDS];
            for (int band = 0; band < BANDS; band++) {
                all[band] = new TaskBand();
            }
            return all;
        });
    }

    private static @Nullable TaskLane lane(TaskBand band, TaskSpec spec) {
        return band.lane(TaskKind.of(spec), spec.getQueue());
    }

    private TaskLane lane(String capability, int band, TaskSpec spec) {
        TaskBand inBand = bands(capability)[band];
        TaskLane lane = lane(inBand, spec);
        if (lane == null) {
            lane = new TaskLane(capability, band, TaskKind.of(spec), spec.getQueue());
            inBand.add(lane);
            lanesByQueue.computeIfAbsent(spec.getQueue(), _ -> new HashSet<>()).add(lane);
        }
        return lane;
    }

    private void forget(TaskBand band, TaskLane lane) {
        band.remove(lane);
        Set<TaskLane> lanes = lanesByQueue.get(lane.queue());
        if (lanes != null && lanes.remove(lane) && lanes.isEmpty()) {
            lanesByQueue.remove(lane.queue());
        }
        TaskBand[] all = bands(lane.capability());
        if (Stream.of(all).allMatch(TaskBand::isEmpty)) {
            bands.remove(lane.capability());
        }
    }

    public int size() {
        return size;
    }

    public void clear() {
        bands.clear();
        lanesByQueue.clear();
        closed.values().forEach(Set::clear);
        added.clear();
        size = 0;
    }

    /** Holds back what goes by that name, now and later, at the cost of its lanes and not of its tasks. */
    public void close(Scope scope, String name) {
        List<TaskLane> affected =
                lanes(scope, name).filter(lane -> !isClosed(lane)).toList();
        names(scope).add(name);
        affected.forEach(lane -> bands(lane.capability())[lane.band()].close(lane));
    }

    /** Lets go on what {@link #close} held back. */
    public void open(Scope scope, String name) {
        if (!names(scope).remove(name)) {
            return;
        }
        lanes(scope, name).filter(lane -> !isClosed(lane)).forEach(lane -> {
            bands(lane.capability())[lane.band()].open(lane);
            added.add(lane.capability());
        });
    }

    private Set<String> names(Scope scope) {
        return closed.getOrDefault(scope, Set.of());
    }

    private Stream<TaskLane> lanes(Scope scope, String name) {
        return switch (scope) {
            case QUEUE -> lanesByQueue.getOrDefault(name, Set.of()).stream();
            case CAPABILITY ->
                Stream.ofNullable(bands.get(name)).flatMap(Stream::of).flatMap(TaskBand::lanes);
        };
    }

    private boolean isClosed(TaskLane lane) {
        return names(Scope.QUEUE).contains(lane.queue())
                || names(Scope.CAPABILITY).contains(lane.capability());
    }

    /** Returns whether a limit holds the task back. */
    public boolean isHeldBack(TaskEntry entry) {
        for (Scope scope : Scope.values()) {
            if (names(scope).contains(scope.nameOf(entry.submission()))) {
                return true;
            }
        }
        return false;
    }

    /** Returns how many tasks a closed name holds back; 0 if it is open. */
    public long heldBack(Scope scope, String name) {
        return names(scope).contains(name) ? count(lanes(scope, name)) : 0;
    }

    /** Returns how many tasks are held back by whatever is closed. */
    public long heldBack() {
        long inQueues = names(Scope.QUEUE).stream()
                .mapToLong(name -> count(lanes(Scope.QUEUE, name)
                        .filter(lane -> !names(Scope.CAPABILITY).contains(lane.capability()))))
                .sum();
        return inQueues
                + names(Scope.CAPABILITY).stream()
                        .mapToLong(name -> count(lanes(Scope.CAPABILITY, name)))
                        .sum();
    }

    private static long count(Stream<TaskLane> lanes) {
        return lanes.mapToLong(lane -> lane.tasks().size()).sum();
    }

    /** Returns the names of the queues that have tasks here. */
    public Set<String> queues() {
        return Set.copyOf(lanesByQueue.keySet());
    }

    /** Returns, once, the capabilities for which tasks were added or let go on since the last call. */
    public Set<String> takeAdded() {
        Set<String> taken = Set.copyOf(added);
        added.clear();
        return taken;
    }

    public boolean isEmpty(String capability) {
        return !bands.containsKey(capability);
    }

    /** Returns the capabilities that have tasks; their order depends on them alone, so that runs can be repeated. */
    public Set<String> capabilities() {
        return new HashSet<>(bands.keySet());
    }

    /** Returns the first tasks of a band that no limit holds back, by their turns; band 0 is the most urgent. */
    public List<TaskEntry> head(String capability, int band, int window) {
        TaskBand[] all = bands.get(capability);
        return all == null ? List.of() : all[band].head(window);
    }

    /** Returns the first task of a band that no limit holds back. */
    public @Nullable TaskEntry first(String capability, int band) {
        TaskBand[] all = bands.get(capability);
        return all == null ? null : all[band].first();
    }

    /** Returns the capabilities among these that have such a task, the one with the earliest turn first. */
    public List<String> byTurn(Set<String> capabilities, int band) {
        if (capabilities.size() == 1) {
            return List.copyOf(capabilities);
        }
        Map<Long, List<String>> byTurn = new TreeMap<>();
        for (String capability : capabilities) {
            TaskEntry first = first(capability, band);
            if (first != null) {
                byTurn.computeIfAbsent(first.turnMicros(), _ -> new ArrayList<>())
                        .add(capability);
            }
        }
        return byTurn.values().stream().flatMap(List::stream).toList();
    }

    /** Returns the band of a task: the contract's priorities 1 (CRITICAL) to 4 (LOW) are bands 0 to 3. */
    public static int bandOf(TaskEntry entry) {
        return entry.submission().spec().getPriorityValue() - 1;
    }
}
