package io.dray.cli.demo;

import com.google.protobuf.Timestamp;
import io.dray.router.v1.Task;
import io.dray.router.v1.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Which node did what when: the last attempt of each task as the router stamped it, the attempts that a killed sidecar
 * took with it, and what the reader did meanwhile. Immutable.
 *
 * @param begin when the reader was asked
 * @param end of the last bar
 */
record Timeline(Instant begin, Instant end, List<Bar> bars, List<Chaos.Kill> kills) {
    /** What a bar stands for. */
    enum Kind {
        READS("the reader reads the folder"),
        SUBMITS("the reader submits the tasks"),
        DIGESTED("digested by the first attempt"),
        AGAIN("digested by a later attempt"),
        LOST("an attempt that ended with its sidecar"),
        FAILED("a task that did not succeed");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** For the legend. */
        String words() {
            return words;
        }
    }

    /** One thing that a node did. */
    record Bar(String node, Instant from, Instant to, Kind kind, String what) {
        Duration length() {
            return Duration.between(from, to);
        }
    }

    static Timeline of(
            Instant begin,
            String readerNode,
            List<Task> tasks,
            Map<String, String> filesByTask,
            List<Chaos.Kill> kills) {
        List<Bar> bars = new ArrayList<>(reader(begin, readerNode, tasks));
        for (Task task : tasks) {
            if (task.hasAssignedAt() && task.hasFinishedAt()) {
                Kind kind = task.getState() != TaskState.TASK_STATE_SUCCEEDED
                        ? Kind.FAILED
                        : task.getAttempts() > 1 ? Kind.AGAIN : Kind.DIGESTED;
                bars.add(bar(task, instant(task.getFinishedAt()), kind, filesByTask));
            }
        }
        for (Chaos.Kill kill : kills) {
            kill.lost().stream()
                    .filter(Task::hasAssignedAt)
                    .forEach(task -> bars.add(bar(task, kill.at(), Kind.LOST, filesByTask)));
        }
        Instant end = bars.stream().map(Bar::to).max(Comparator.naturalOrder()).orElse(begin);
        return new Timeline(begin, end, List.copyOf(bars), kills);
    }

    private static List<Bar> reader(Instant begin, String node, List<Task> tasks) {
        List<Instant> submitted = tasks.stream()
                .map(task -> instant(task.getSubmittedAt()))
                .sorted()
                .toList();
        if (submitted.isEmpty()) {
            return List.of();
        }
        Instant first = latest(begin, submitted.getFirst());
        return List.of(
                new Bar(node, begin, first, Kind.READS, Kind.READS.words()),
                new Bar(node, first, latest(first, submitted.getLast()), Kind.SUBMITS, Kind.SUBMITS.words()));
    }

    private static Bar bar(Task task, Instant to, Kind kind, Map<String, String> filesByTask) {
        Instant from = instant(task.getAssignedAt());
        String file = filesByTask.getOrDefault(task.getTaskId(), "task " + task.getTaskId());
        String attempt = task.getAttempts() > 1 ? ", attempt " + task.getAttempts() : "";
        return new Bar(task.getNode(), from, latest(from, to), kind, file + attempt);
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Instant instant(Timestamp stamp) {
        return Instant.ofEpochSecond(stamp.getSeconds(), stamp.getNanos());
    }
}
