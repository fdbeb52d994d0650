package io.dray.cli;

import io.dray.cli.door.Door;
import io.dray.cli.output.Console;
import io.dray.cli.output.Json;
import io.dray.cli.output.Table;
import io.dray.router.v1.GetTaskRequest;
import io.dray.router.v1.Task;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code dray task get}: one task with its result. */
@Command(
        name = "get",
        description = "Show one task and its result.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  dray task get TASK", "  dray task get TASK --json"})
final class TaskGetCommand implements Runnable {
    private final Console console;

    @Parameters(index = "0", paramLabel = "TASK", description = "Id of the task.")
    private String taskId = "";

    @Mixin
    private final TenantOption tenant = new TenantOption();

    @Mixin
    private final SidecarOption sidecar = new SidecarOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    TaskGetCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        GetTaskRequest request = GetTaskRequest.newBuilder()
                .setTaskId(taskId)
                .setTenant(tenant.name())
                .build();
        try (Door door = sidecar.open()) {
            print(door.tasks(RouterOption.TIMEOUT).getTask(request).getTask());
        }
    }

    private void print(Task task) {
        if (json.wanted()) {
            Json.print(console.out(), TaskPrinter.json(task));
            return;
        }
        TaskPrinter.printLine(console.out(), task);
        if (!task.getQuestion().isEmpty()) {
            console.out()
                    .println("question: " + Table.printable(task.getQuestion().toStringUtf8()));
        }
        if (task.hasAnswer()) {
            console.out().println("answer: " + Table.printable(task.getAnswer().toStringUtf8()));
        }
        if (!task.getResult().isEmpty()) {
            console.out().println("result: " + Table.printable(task.getResult().toStringUtf8()));
            return;
        }
        if (task.hasResultUntil() && Protos.instant(task.getResultUntil()).isBefore(Instant.now())) {
            console.out()
                    .println("payload and result were kept until " + Protos.instant(task.getResultUntil())
                            + " (--result-ttl)");
        }
    }
}
