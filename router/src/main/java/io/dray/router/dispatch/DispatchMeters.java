package io.dray.router.dispatch;

import io.dray.router.tasks.StateName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The meters of one dispatcher. Written by its thread, read by any. */
public final class DispatchMeters {
    private final Map<StateName, AtomicLong> tasks = new EnumMap<>(StateName.class);
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicLong heldBack = new AtomicLong();
    private final Counter submitted;
    private final Counter assigned;
    private final Counter rejected;
    private final Counter retried;
    private final Counter lapsed;
    private final Counter fenced;
    private final Counter storeFailures;
    private final Counter removed;
    private final Counter bodiesDropped;
    private final DistributionSummary commitSize;
    private final Timer commitTime;
    private final Timer decisionTime;

    public DispatchMeters(MeterRegistry registry) {
        for (StateName name : StateName.values()) {
            AtomicLong count = new AtomicLong();
            tasks.put(name, count);
            Gauge.builder("dray_tasks", count, AtomicLong::doubleValue)
                    .description("Committed tasks by state; ended ones as long as they are kept")
                    .tag("state", name.name())
                    .register(registry);
        }
        Gauge.builder("dray_tasks_queued", queued, AtomicInteger::doubleValue)
                .description("Tasks that are ready and wait for a worker")
                .register(registry);
        Gauge.builder("dray_tasks_held_back", heldBack, AtomicLong::doubleValue)
                .description("Queued tasks that a limit of their queue or capability holds back")
                .register(registry);
        submitted = counter(registry, "dray_tasks_submitted", "Tasks that were submitted");
        assigned = counter(registry, "dray_tasks_assigned", "Attempts given to a node");
        rejected = counter(registry, "dray_tasks_rejected", "Attempts that a node did not accept");
        retried = counter(registry, "dray_tasks_retried", "Tasks that were queued again after an attempt");
        lapsed = counter(registry, "dray_leases_lapsed", "Attempts whose lease ran out");
        fenced = counter(registry, "dray_events_fenced", "Events of attempts that were over");
        storeFailures = counter(registry, "dray_store_failures", "Transactions that the store failed");
        removed = counter(registry, "dray_tasks_removed", "Finished tasks that were kept no longer");
        bodiesDropped = counter(
                registry, "dray_task_bodies_dropped", "Finished tasks whose payload and result were kept no longer");
        commitSize = DistributionSummary.builder("dray_commit_changes")
                .description("Changes in one transaction")
                .register(registry);
        commitTime = Timer.builder("dray_commit_time")
                .description("Time of one transaction")
                .publishPercentiles(0.5, 0.99)
                .register(registry);
        decisionTime = Timer.builder("dray_decision_time")
                .description("Time to choose workers for what waits, once")
                .publishPercentiles(0.5, 0.99)
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    /** Returns how many committed tasks are in which state; states without tasks are left out. */
    public Map<String, Long> tasksByState() {
        Map<String, Long> counts = new TreeMap<>();
        tasks.forEach((name, count) -> {
            if (count.get() != 0) {
                counts.put(name.name(), count.get());
            }
        });
        return counts;
    }

    void enter(StateName name) {
        count(name).incrementAndGet();
    }

    void leave(StateName name) {
        count(name).decrementAndGet();
    }

    void restart(Map<StateName, Long> finished) {
        tasks.forEach((name, count) -> count.set(finished.getOrDefault(name, 0L)));
    }

    void removed(Map<StateName, Long> gone) {
        gone.forEach((name, count) -> {
            count(name).addAndGet(-count);
            removed.increment(count);
        });
    }

    void bodiesDropped(int count) {
        bodiesDropped.increment(count);
    }

    private AtomicLong count(StateName name) {
        return tasks.computeIfAbsent(name, _ -> new AtomicLong());
    }

    void queued(int size) {
        queued.set(size);
    }

    void heldBack(long tasks) {
        heldBack.set(tasks);
    }

    void submitted() {
        submitted.increment();
    }

    void assigned() {
        assigned.increment();
    }

    void rejected() {
        rejected.increment();
    }

    void retried() {
        retried.increment();
    }

    void lapsed() {
        lapsed.increment();
    }

    void fenced() {
        fenced.increment();
    }

    void storeFailed() {
        storeFailures.increment();
    }

    void committed(int changes, long nanos) {
        commitSize.record(changes);
        commitTime.record(nanos, TimeUnit.NANOSECONDS);
    }

    void decided(long nanos) {
        decisionTime.record(nanos, TimeUnit.NANOSECONDS);
    }
}
