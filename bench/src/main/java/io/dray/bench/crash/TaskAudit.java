package io.dray.bench.crash;

import io.dray.bench.crash.Life.Start;
import io.dray.bench.report.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Judges tasks by their ledgers and by what the router says of them in the end. Used by one thread. */
final class TaskAudit {
    static final String PREFIX = "t";
    private static final int EXAMPLES = 10;

    private final Map<String, RoutersTask> tasks;
    private final List<String> examples = new ArrayList<>();
    private long acknowledged;
    private long settled;
    private long refused;
    private long lost;
    private long duplicated;
    private long late;
    private long redelivered;
    private long unsettled;

    private TaskAudit(Map<String, RoutersTask> tasks) {
        this.tasks = tasks;
    }

    /** {@code tasks} maps ids to tasks as the router knows them. */
    static Verdict judge(Lives all, Map<String, RoutersTask> tasks) {
        TaskAudit audit = new TaskAudit(tasks);
        Collection<Life> lives = all.of(PREFIX);
        lives.forEach(life -> audit.judge(life, all.isOfSurvivor(life)));
        return audit.verdict(lives.size());
    }

    private void judge(Life life, boolean ofSurvivor) {
        acknowledged += life.acknowledged ? 1 : 0;
        settled += life.isSettled() ? 1 : 0;
        refused += life.refusal.isEmpty() ? 0 : 1;
        unsettled += ofSurvivor && life.refusal.isEmpty() && !life.isSettled() ? 1 : 0;
        boolean missing = life.acknowledged && !(life.finished && hasSucceeded(life));
        lost += missing ? 1 : 0;

        List<Start> after = life.startsAfter(Math.min(finishedMicros(life), life.settledMicros));
        long old = after.stream()
                .filter(start -> start.token() < acceptedToken(life))
                .count();
        long again = after.size() - old;
        long others = Math.max(0, life.tasks.size() - 1);
        late += old;
        duplicated += again + others;
        redelivered += Math.max(0, life.starts.size() - 1 - after.size() - others);

        if (missing) {
            example(
                    life,
                    "lost, " + (life.finished ? "" : "no handler finished it, ") + "the router says: " + states(life));
        } else if (again + others > 0) {
            example(life, "duplicated");
        } else if (!life.refusal.isEmpty()) {
            example(life, "refused: " + life.refusal);
        }
    }

    private Verdict verdict(int sent) {
        return new Verdict(
                "tasks",
                sent,
                acknowledged,
                settled,
                refused,
                lost,
                duplicated,
                late,
                redelivered,
                unsettled,
                examples);
    }

    private void example(Life life, String what) {
        if (examples.size() < EXAMPLES) {
            examples.add(life.key + " " + life.tasks + " " + what);
        }
    }

    private boolean hasSucceeded(Life life) {
        return life.tasks.stream().map(tasks::get).allMatch(task -> task != null && task.hasSucceeded());
    }

    private String states(Life life) {
        return life.tasks.stream()
                .map(tasks::get)
                .map(task -> task == null ? "no such task" : task.state().name())
                .collect(Collectors.joining(", "));
    }

    private long finishedMicros(Life life) {
        return known(life).mapToLong(RoutersTask::finishedMicros).min().orElse(Life.NEVER);
    }

    /** The token of the attempt whose outcome was accepted; 0, the smallest, when the router does not know it. */
    private long acceptedToken(Life life) {
        return known(life)
                .filter(RoutersTask::hasSucceeded)
                .mapToLong(RoutersTask::token)
                .min()
                .orElse(0);
    }

    private Stream<RoutersTask> known(Life life) {
        return life.tasks.stream().map(tasks::get).filter(Objects::nonNull);
    }
}
