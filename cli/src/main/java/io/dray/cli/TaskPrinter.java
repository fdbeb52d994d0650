package io.dray.cli;

import com.google.protobuf.Timestamp;
import io.dray.cli.output.ExitCode;
import io.dray.cli.output.Failures;
import io.dray.cli.output.Json;
import io.dray.cli.output.Table;
import io.dray.router.v1.Task;
import io.dray.router.v1.TaskState;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** Tasks as the commands print them. Stateless. */
final class TaskPrinter {
    private TaskPrinter() {}

    static String state(TaskState state) {
        return state.name().replaceFirst("^TASK_STATE_", "");
    }

    static boolean isFinished(Task task) {
        return switch (task.getState()) {
            case TASK_STATE_SUCCEEDED, TASK_STATE_FAILED, TASK_STATE_CANCELLED, TASK_STATE_EXPIRED -> true;
            case TASK_STATE_UNSPECIFIED,
                    TASK_STATE_WAITING,
                    TASK_STATE_PENDING,
                    TASK_STATE_ASSIGNED,
                    TASK_STATE_RUNNING,
                    TASK_STATE_PARKED,
                    UNRECOGNIZED -> false;
        };
    }

    /** What a command that waited for this task ends with. */
    static ExitCode exitCode(Task task) {
        return switch (task.getState()) {
            case TASK_STATE_FAILED, TASK_STATE_CANCELLED -> ExitCode.FAILED;
            case TASK_STATE_EXPIRED -> ExitCode.TIMED_OUT;
            case TASK_STATE_UNSPECIFIED,
                    TASK_STATE_WAITING,
                    TASK_STATE_PENDING,
                    TASK_STATE_ASSIGNED,
                    TASK_STATE_RUNNING,
                    TASK_STATE_PARKED,
                    TASK_STATE_SUCCEEDED,
                    UNRECOGNIZED -> ExitCode.DONE;
        };
    }

    /** One task in one line, or all that is known of it as JSON. */
    static void print(PrintStream out, Task task, boolean asJson) {
        if (asJson) {
            Json.print(out, json(task));
        } else {
            printLine(out, task);
        }
    }

    /** One task in one line. */
    static void printLine(PrintStream out, Task task) {
        String where = task.getInstance().isEmpty() ? "-" : task.getInstance();
        String why = task.hasError() ? "  " + Failures.line(task.getError()) : "";
        out.printf(
                Locale.ROOT,
                "%s  %-9s  %4s  attempts %d  %s  %s%s%n",
                task.getTaskId(),
                state(task.getState()),
                isFinished(task) ? "" : task.getPercent() + "%",
                task.getAttempts(),
                where,
                Table.printable(task.getMessage()),
                why);
        out.flush();
    }

    static void printTable(PrintStream out, List<Task> tasks) {
        Table table = new Table("TASK", "STATE", "CAPABILITY", "QUEUE", "ATTEMPTS", "NODE", "SUBMITTED");
        tasks.forEach(task -> table.row(
                task.getTaskId(),
                state(task.getState()),
                task.getSpec().getCapability(),
                task.getSpec().getQueue(),
                task.getAttempts(),
                task.getNode(),
                Protos.instant(task.getSubmittedAt())));
        table.print(out);
    }

    static ObjectNode json(Task task) {
        ObjectNode node = Json.object()
                .put("task_id", task.getTaskId())
                .put("state", state(task.getState()))
                .put("capability", task.getSpec().getCapability())
                .put("type", task.getSpec().getType())
                .put("queue", task.getSpec().getQueue())
                .put("tenant", task.getTenant())
                .put("principal", task.getPrincipal())
                .put("attempts", task.getAttempts())
                .put("instance", task.getInstance())
                .put("node", task.getNode())
                .put("percent", task.getPercent())
                .put("message", task.getMessage())
                .put("cancel_requested", task.getCancelRequested());
        if (task.getState() == TaskState.TASK_STATE_WAITING) {
            node.put("waiting_reason", task.getWaitingReason().name().replaceFirst("^WAITING_REASON_", ""));
        }
        putTime(node, "submitted_at", task.hasSubmittedAt(), task.getSubmittedAt());
        putTime(node, "assigned_at", task.hasAssignedAt(), task.getAssignedAt());
        putTime(node, "finished_at", task.hasFinishedAt(), task.getFinishedAt());
        putTime(node, "result_until", task.hasResultUntil(), task.getResultUntil());
        var labels = node.putObject("labels");
        task.getSpec().getLabelsMap().forEach(labels::put);
        if (task.hasError()) {
            node.putObject("error")
                    .put("code", Failures.name(task.getError().getCode()))
                    .put("message", task.getError().getMessage());
        }
        if (!task.getQuestion().isEmpty()) {
            Json.putBytes(node, "question", task.getQuestion().toByteArray());
        }
        if (task.hasAnswer()) {
            Json.putBytes(node, "answer", task.getAnswer().toByteArray());
        }
        if (!task.getResult().isEmpty()) {
            Json.putBytes(node, "result", task.getResult().toByteArray());
        }
        return node;
    }

    private static void putTime(ObjectNode node, String name, boolean known, Timestamp time) {
        if (known) {
            node.put(name, Protos.instant(time).toString());
        }
    }
}
