package io.dray.router.fleet;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One host: its stream, its workers, what the router placed on it and what is free. Outlives its stream, since its
 * attempts do. Owned by the dispatcher's thread; changed through {@link Fleet} only, which keeps its index true.
 */
public final class Node {
    /** One attempt on this node; {@code stream} and {@code number} say which assignment it was. */
    record Holding(String instance, Demand demand, long stream, long number) {}

    private final String name;
    private final FreeVector free = new FreeVector();
    private final Map<String, Worker> workers = new LinkedHashMap<>();
    private final Map<String, Long> restingUntilNanos = new HashMap<>();
    private final Map<Long, Holding> holdings = new LinkedHashMap<>();
    private final Map<String, Integer> heldSlots = new HashMap<>();
    private final Health health = new Health();
    private final Ramp ramp = new Ramp();
    private Map<String, String> labels = Map.of();
    private boolean cordoned;
    private boolean suspect;
    private String faults = "";
    private @Nullable Filter closed = Filter.AWAY;
    private long reportedNanos;
    private long incarnation;
    private long reportNumber;
    private long assignments;
    private long streams;
    private @Nullable NodeStream stream;

    Node(String name) {
        this.name = name;
    }

    public String name() {
        return name;
    }

    public long incarnation() {
        return incarnation;
    }

    /** Returns the stream; null while the node is away. */
    public @Nullable NodeStream stream() {
        return stream;
    }

    public FreeVector free() {
        return free;
    }

    /** Returns the words about its host. */
    public Map<String, String> labels() {
        return labels;
    }

    /** Returns why nothing new goes to this node, whatever it is; null when something may. */
    public @Nullable Filter closed() {
        return closed;
    }

    public boolean isCordoned() {
        return cordoned;
    }

    /** Returns whether it failed more often lately than it should. */
    public boolean isSuspect() {
        return suspect;
    }

    /** Returns why it was ejected last, for people. */
    public String faults() {
        return faults;
    }

    public boolean hasReported() {
        return reportNumber > 0;
    }

    /** Returns when the last report came. */
    public long reportedNanos() {
        return reportedNanos;
    }

    public Collection<Worker> workers() {
        return workers.values();
    }

    /** Returns the slots of a worker that no attempt holds. */
    public int freeSlots(Worker worker) {
        return Math.max(0, worker.slots() - heldSlots.getOrDefault(worker.instance(), 0));
    }

    public int attempts() {
        return holdings.size();
    }

    /** Returns the worker with most free slots that can do it; null when none is free. */
    public @Nullable Worker freeWorker(String capability, long nowNanos) {
        Worker best = null;
        for (Worker worker : workers.values()) {
            if (worker.capabilities().contains(capability)
                    && freeSlots(worker) > (best == null ? 0 : freeSlots(best))
                    && !isResting(worker, nowNanos)) {
                best = worker;
            }
        }
        return best;
    }

    private boolean isResting(Worker worker, long nowNanos) {
        Long until = restingUntilNanos.get(worker.instance());
        return until != null && until - nowNanos > 0;
    }

    /** Returns whether a worker with that capability is here, free or not. */
    public boolean knows(String capability) {
        for (Worker worker : workers.values()) {
            if (worker.capabilities().contains(capability)) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether a worker with that capability has a free slot, though it may rest. */
    public boolean hasFreeSlot(String capability) {
        for (Worker worker : workers.values()) {
            if (worker.capabilities().contains(capability) && freeSlots(worker) > 0) {
                return true;
            }
        }
        return false;
    }

    List<String> capabilities() {
        List<String> all = new ArrayList<>();
        for (Worker worker : workers.values()) {
            all.addAll(worker.capabilities());
        }
        return all;
    }

    void join(long newIncarnation, Map<String, String> newLabels, NodeStream newStream) {
        if (newIncarnation != incarnation) {
            reportNumber = 0;
        }
        incarnation = newIncarnation;
        labels = newLabels;
        stream = newStream;
        streams++;
        assignments = 0;
        restingUntilNanos.clear();
    }

    void leave() {
        stream = null;
    }

    void cordon(boolean isCordoned) {
        cordoned = isCordoned;
    }

    /** It was ejected: what it did until now counts no more. */
    void rest() {
        faults = health.words();
        health.clear();
    }

    void suspect(boolean isSuspect) {
        suspect = isSuspect;
    }

    Health health() {
        return health;
    }

    Ramp ramp() {
        return ramp;
    }

    /** Finds anew why nothing new goes here. */
    void close(boolean ejected, long nowNanos) {
        if (stream == null) {
            closed = Filter.AWAY;
        } else if (cordoned) {
            closed = Filter.CORDONED;
        } else if (ejected) {
            closed = Filter.EJECTED;
        } else {
            closed = ramp.allows(attempts(), slots(), nowNanos) ? null : Filter.RAMPING;
        }
    }

    private int slots() {
        int slots = 0;
        for (Worker worker : workers.values()) {
            slots += worker.slots();
        }
        return slots;
    }

    void replaceWorkers(Collection<Worker> all) {
        workers.clear();
        mergeWorkers(all);
    }

    void mergeWorkers(Collection<Worker> some) {
        some.forEach(worker -> workers.put(worker.instance(), worker));
    }

    void rest(String instance, long untilNanos) {
        restingUntilNanos.put(instance, untilNanos);
    }

    /** Takes a report unless a newer one was taken. */
    boolean report(NodeFigures figures, long nowNanos) {
        if (figures.number() <= reportNumber) {
            return false;
        }
        reportNumber = figures.number();
        reportedNanos = nowNanos;
        long uncountedMemoryBytes = 0;
        for (Holding holding : holdings.values()) {
            if (holding.stream() == streams && holding.number() > figures.assignmentsCountedThrough()) {
                uncountedMemoryBytes += holding.demand().memoryBytes();
            }
        }
        free.correct(figures, uncountedMemoryBytes, nowNanos);
        return true;
    }

    /** Notes an attempt and returns the number of its assignment. */
    long hold(long taskId, String instance, Demand demand, long nowNanos) {
        long number = stream == null ? 0 : ++assignments;
        add(taskId, new Holding(instance, demand, streams, number), nowNanos);
        return number;
    }

    /** Notes an attempt that the node's reports count already. */
    void resume(long taskId, String instance, Demand demand, long nowNanos) {
        add(taskId, new Holding(instance, demand, streams, 0), nowNanos);
    }

    private void add(long taskId, Holding holding, long nowNanos) {
        holdings.put(taskId, holding);
        heldSlots.merge(holding.instance(), 1, Integer::sum);
        free.take(holding.demand(), nowNanos);
    }

    void release(long taskId, long nowNanos) {
        Holding holding = holdings.remove(taskId);
        if (holding == null) {
            return;
        }
        heldSlots.computeIfPresent(holding.instance(), (_, held) -> held == 1 ? null : held - 1);
        free.give(holding.demand(), nowNanos);
    }
}
