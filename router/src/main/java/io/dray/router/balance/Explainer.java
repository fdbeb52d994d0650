package io.dray.router.balance;

import io.dray.router.fleet.Demand;
import io.dray.router.fleet.Filter;
import io.dray.router.fleet.Fleet;
import io.dray.router.fleet.Node;
import io.dray.router.fleet.Wishes;
import io.dray.router.fleet.Worker;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Says of each node what {@link Filters} and {@link Score} say, in words. Stateless. */
final class Explainer {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int MAX_WORDS = 5;
    private static final double MIB = 1024.0 * 1024;

    /** What the node has and what was expected. */
    private record Words(String value, String expected) {
        static final Words NONE = new Words("", "");
    }

    private Explainer() {}

    static List<Verdict> verdicts(Fleet fleet, Ask ask, @Nullable Node chosen) {
        List<Verdict> verdicts = new ArrayList<>();
        for (Node node : fleet.nodes()) {
            verdicts.add(verdict(fleet, node, ask, node == chosen));
        }
        verdicts.sort(Comparator.comparing((Verdict verdict) -> !verdict.chosen())
                .thenComparing(verdict -> verdict.filter() != null)
                .thenComparing(Verdict::node));
        return verdicts;
    }

    private static Verdict verdict(Fleet fleet, Node node, Ask ask, boolean chosen) {
        Filter filter = Filters.first(node, ask);
        Words words = filter == null ? Words.NONE : words(fleet, node, ask, filter);
        return new Verdict(
                node.name(),
                filter,
                words.value(),
                words.expected(),
                Score.terms(node, ask, fleet.affinity()),
                age(node, ask),
                chosen,
                Filters.isImpossible(node, ask));
    }

    private static long age(Node node, Ask ask) {
        return node.hasReported() ? Math.max(1, (ask.nowNanos() - node.reportedNanos()) / NANOS_PER_MILLI) : 0;
    }

    private static Words words(Fleet fleet, Node node, Ask ask, Filter filter) {
        Demand demand = ask.demand();
        return switch (filter) {
            case AWAY -> new Words("away", "its sidecar on a work stream to the router");
            case CORDONED -> new Words("cordoned", "`dray node uncordon " + node.name() + "`");
            case EJECTED -> new Words(node.faults(), "until " + instant(fleet.ejectedUntilMicros(node)));
            case NO_WORKER -> new Words(capabilities(node), "a worker for " + ask.capability());
            case LABELS -> labels(node.labels(), ask.wishes());
            case TOO_SMALL ->
                new Words(
                        "in all "
                                + size(node.free().totalCpuMillis(), node.free().totalMemoryBytes()),
                        size(demand.cpuMillis(), demand.memoryBytes()));
            case CPU -> new Words(cpu(node.free().freeCpuMillis()) + " free", cpu(demand.cpuMillis()));
            case MEMORY -> new Words(memory(node.free().freeMemoryBytes()) + " free", memory(demand.memoryBytes()));
            case NO_SLOT -> new Words("0 of " + slots(node, ask) + " slots free", "a free slot");
            case RESTING -> new Words("rejected an assignment", "its next figures");
            case KEPT -> new Words("kept for a task that waited too long", "that one placed");
            case AVOIDED -> new Words("the last attempt failed there", "another node");
            case RAMPING -> new Words(node.attempts() + " attempts", "fewer while the node is fresh");
            case BACKLOG -> new Words("reads too slowly", "room on its work stream");
        };
    }

    private static Instant instant(long unixMicros) {
        return Instant.ofEpochSecond(unixMicros / MICROS_PER_SECOND);
    }

    private static String capabilities(Node node) {
        TreeSet<String> all = new TreeSet<>();
        node.workers().forEach(worker -> all.addAll(worker.capabilities()));
        if (all.isEmpty()) {
            return "no workers";
        }
        String more = all.size() > MAX_WORDS ? " and " + (all.size() - MAX_WORDS) + " more" : "";
        return "workers for " + String.join(", ", all.stream().limit(MAX_WORDS).toList()) + more;
    }

    private static Words labels(Map<String, String> labels, Wishes wishes) {
        for (var label : wishes.required().entrySet()) {
            String own = labels.get(label.getKey());
            if (!label.getValue().equals(own)) {
                String value = own == null ? "no " + label.getKey() : label.getKey() + "=" + own;
                return new Words(value, label.getKey() + "=" + label.getValue());
            }
        }
        for (var label : wishes.excluded().entrySet()) {
            if (label.getValue().equals(labels.get(label.getKey()))) {
                String excluded = label.getKey() + "=" + label.getValue();
                return new Words(excluded, "not " + excluded);
            }
        }
        return Words.NONE;
    }

    private static int slots(Node node, Ask ask) {
        return node.workers().stream()
                .filter(worker -> worker.capabilities().contains(ask.capability()))
                .mapToInt(Worker::slots)
                .sum();
    }

    /** Returns a size as people say it. */
    static String size(int cpuMillis, long memoryBytes) {
        return cpu(cpuMillis) + ", " + memory(memoryBytes);
    }

    private static String cpu(int millis) {
        return String.format(Locale.ROOT, "%.2f cores", millis / 1000.0);
    }

    private static String memory(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / MIB);
    }
}
