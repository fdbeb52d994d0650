package io.dray.router.dispatch;

import io.dray.router.balance.Ask;
import io.dray.router.balance.Balancer;
import io.dray.router.balance.Verdict;
import io.dray.router.fleet.Filter;
import io.dray.router.tasks.Hold;
import io.dray.router.tasks.TaskEntry;
import io.dray.router.tasks.TaskQueue;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.tasks.TaskState.Held;
import io.dray.router.tasks.TaskState.Waiting;
import io.dray.router.v1.TaskSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says where a task would go and why, by asking the placer and the balancer what they would do. Changes nothing. Owned by
 * the dispatcher's thread.
 */
final class Explanations {
    /** More is counted as this many: the dispatcher does nothing else meanwhile. */
    private static final int MAX_AHEAD = 100_000;

    private static final int MAX_NODES = 10_000;
    private static final double MICROS_PER_SECOND = 1e6;

    private final Pool pool;
    private final Placer placer;
    private final Balancer balancer;

    Explanations(Pool pool, Placer placer, Balancer balancer) {
        this.pool = pool;
        this.placer = placer;
        this.balancer = balancer;
    }

    /** Explains a live task. */
    Explanation of(TaskEntry entry) {
        TaskSnapshot task = entry.current();
        TaskSpec spec = entry.submission().spec();
        Ask ask = placer.ask(entry);
        List<Verdict> verdicts = balancer.explain(pool.fleet(), ask);
        if (task.state() instanceof Held held) {
            return held(task, held.hold(), verdicts);
        }
        int ahead = ahead(spec, entry);
        if (task.state() instanceof Waiting waiting) {
            String until = "It waits until " + instant(waiting.untilMicros()) + " (" + waiting.reason() + ")";
            return explanation(Optional.of(task), ask, ahead, verdicts, until + "; then: ", waiting.untilMicros());
        }
        String limit = pool.limits().mayStart(entry.submission())
                ? ""
                : "The limit of its queue or capability holds it back (`dray queue list`); then: ";
        return explanation(Optional.of(task), ask, ahead, verdicts, limit, 0);
    }

    /** Explains a task that is not submitted; its defaults are filled in. */
    Explanation of(TaskSpec spec) {
        Ask ask = placer.ask(spec);
        return explanation(Optional.empty(), ask, ahead(spec, null), balancer.explain(pool.fleet(), ask), "", 0);
    }

    private static Explanation held(TaskSnapshot task, Hold hold, List<Verdict> verdicts) {
        List<Verdict> marked = verdicts.stream()
                .map(verdict -> verdict.withChosen(verdict.node().equals(hold.node())))
                .sorted((one, other) -> Boolean.compare(other.chosen(), one.chosen()))
                .limit(MAX_NODES)
                .toList();
        String summary = "It is " + task.state().name() + ": " + hold.instance() + " has it since "
                + instant(hold.assignedMicros()) + ".";
        return new Explanation(Optional.of(task), 0, marked, summary, 0, false);
    }

    private int ahead(TaskSpec spec, @Nullable TaskEntry self) {
        int ahead = 0;
        int ownBand = spec.getPriorityValue() - 1;
        for (int band = 0; band <= ownBand && band < TaskQueue.BANDS; band++) {
            List<TaskEntry> tasks = pool.queue().head(spec.getCapability(), band, MAX_AHEAD);
            int place = band == ownBand && self != null ? tasks.indexOf(self) : -1;
            ahead += place < 0 ? tasks.size() : place;
        }
        return Math.min(ahead, MAX_AHEAD);
    }

    private Explanation explanation(
            Optional<TaskSnapshot> task, Ask ask, int ahead, List<Verdict> verdicts, String before, long notBefore) {
        boolean impossible = !verdicts.isEmpty() && verdicts.stream().allMatch(Verdict::impossible);
        return new Explanation(
                task,
                ahead,
                verdicts.size() > MAX_NODES ? verdicts.subList(0, MAX_NODES) : verdicts,
                before + summary(ask, ahead, verdicts, impossible),
                estimate(ask, ahead, verdicts, notBefore),
                impossible);
    }

    private long estimate(Ask ask, int ahead, List<Verdict> verdicts, long notBeforeMicros) {
        long now = Math.max(pool.time().nowMicros(), notBeforeMicros);
        if (ahead == 0 && verdicts.stream().anyMatch(Verdict::chosen)) {
            return now;
        }
        boolean someday =
                verdicts.stream().anyMatch(verdict -> !verdict.impossible() && verdict.filter() != Filter.NO_WORKER);
        double perSecond =
                pool.completions().perSecond(ask.capability(), pool.time().nowNanos());
        return someday && perSecond > 0 ? now + (long) ((ahead + 1) / perSecond * MICROS_PER_SECOND) : 0;
    }

    private static String summary(Ask ask, int ahead, List<Verdict> verdicts, boolean impossible) {
        if (verdicts.isEmpty()) {
            return "No node is known: start a sidecar that joins this router.";
        }
        if (impossible) {
            return "No known node could ever take it: " + refusals(verdicts) + "; it needs "
                    + Balancer.words(ask.demand()) + (ask.wishes().isPicky() ? " and its labels" : "") + ".";
        }
        String queue = ahead == 0 ? "" : ahead + (ahead == 1 ? " task comes" : " tasks come") + " before it; ";
        Verdict first = verdicts.getFirst();
        if (first.chosen()) {
            long fits = verdicts.stream()
                    .filter(verdict -> verdict.filter() == null)
                    .count();
            return sentence(queue + fits + " of " + verdicts.size() + " nodes can take it now, " + first.node()
                    + " comes first.");
        }
        if (verdicts.stream().allMatch(verdict -> verdict.filter() == Filter.NO_WORKER)) {
            return "No node has a worker for " + ask.capability() + ": attach an agent that offers it.";
        }
        return sentence(queue + "none of " + verdicts.size() + " nodes can take it now: " + refusals(verdicts) + ".");
    }

    private static String sentence(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    /** Returns how many nodes each filter refused. */
    private static String refusals(List<Verdict> verdicts) {
        Map<Filter, Integer> counts = new TreeMap<>();
        for (Verdict verdict : verdicts) {
            Filter filter = verdict.filter();
            if (filter != null) {
                counts.merge(filter, 1, Integer::sum);
            }
        }
        return counts.entrySet().stream()
                .map(count -> count.getKey() + " " + count.getValue())
                .collect(Collectors.joining(", "));
    }

    private static Instant instant(long unixMicros) {
        return Instant.ofEpochSecond(unixMicros / 1_000_000);
    }
}
