package io.dray.bench.crash;

import com.google.protobuf.Timestamp;
import io.dray.router.v1.Task;
import io.dray.router.v1.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Judges tasks by their ledgers and by what the router says of them in the end. */
final class TaskAudit {
    static final String PREFIX = "t";
    private static final int EXAMPLES = 10;

    private TaskAudit() {}

    /** {@code tasks} maps ids to tasks as the router knows them. */
    static Verdict judge(List<Entry> entries, Map<String, Task> tasks) {
        Map<String, Life> lives = Life.of(entries, PREFIX);
        Set<String> survivors = Life.survivors(entries);
        List<String> examples = new ArrayList<>();
        long acknowledged = 0;
        long settled = 0;
        long refused = 0;
        long lost = 0;
        long duplicated = 0;
        long redelivered = 0;
        long unsettled = 0;
        for (Life life : lives.values()) {
            acknowledged += life.acknowledged ? 1 : 0;
            settled += life.isSettled() ? 1 : 0;
            refused += life.refusal.isEmpty() ? 0 : 1;
            boolean survived = life.isOf(survivors) && life.refusal.isEmpty();
            unsettled += survived && !life.isSettled() ? 1 : 0;
            boolean missing = life.acknowledged && !(life.finished && succeeded(life, tasks));
            lost += missing ? 1 : 0;
            long late = life.startsAfter(finishedMicros(life, tasks)) + Math.max(0, life.tasks.size() - 1);
            duplicated += late;
            redelivered += Math.max(0, life.starts.size() - 1 - late);
            if (examples.size() < EXAMPLES && (missing || late > 0 || !life.refusal.isEmpty())) {
                String why = missing ? " lost" : late > 0 ? " duplicated" : " refused: " + life.refusal;
                examples.add(life.key + " " + life.tasks + why);
            }
        }
        return new Verdict(
                "tasks",
                lives.size(),
                acknowledged,
                settled,
                refused,
                lost,
                duplicated,
                redelivered,
                unsettled,
                examples);
    }

    private static boolean succeeded(Life life, Map<String, Task> tasks) {
        return life.tasks.stream()
                .map(tasks::get)
                .allMatch(task -> task != null && task.getState() == TaskState.TASK_STATE_SUCCEEDED);
    }

    private static long finishedMicros(Life life, Map<String, Task> tasks) {
        long router = life.tasks.stream()
                .map(tasks::get)
                .filter(task -> task != null && task.hasFinishedAt())
                .mapToLong(task -> micros(task.getFinishedAt()))
                .min()
                .orElse(Life.NEVER);
        return Math.min(router, life.settledMicros);
    }

    private static long micros(Timestamp time) {
        return TimeUnit.SECONDS.toMicros(time.getSeconds()) + TimeUnit.NANOSECONDS.toMicros(time.getNanos());
    }
}
