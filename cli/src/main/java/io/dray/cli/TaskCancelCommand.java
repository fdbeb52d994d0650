package io.dray.cli;

import io.dray.cli.door.Door;
import io.dray.cli.output.Console;
import io.dray.router.v1.CancelTaskRequest;
import io.dray.router.v1.Task;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dray task cancel}: the wish to end one task. */
@Command(
        name = "cancel",
        description = "Cancel a task; returns when the wish is stored, the worker is told at once.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  dray task cancel TASK --reason 'no longer needed'"})
final class TaskCancelCommand implements Runnable {
    private final Console console;

    @Parameters(index = "0", paramLabel = "TASK", description = "Id of the task.")
    private String taskId = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "For people.")
    private String reason = "";

    @Mixin
    private final TenantOption tenant = new TenantOption();

    @Mixin
    private final SidecarOption sidecar = new SidecarOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    TaskCancelCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        CancelTaskRequest request = CancelTaskRequest.newBuilder()
                .setTaskId(taskId)
                .setTenant(tenant.name())
                .setReason(reason)
                .build();
        try (Door door = sidecar.open()) {
            Task task = door.tasks(RouterOption.TIMEOUT).cancelTask(request).getTask();
            TaskPrinter.print(console.out(), task, json.wanted());
        }
    }
}
