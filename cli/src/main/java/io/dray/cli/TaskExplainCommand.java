package io.dray.cli;

import io.dray.cli.door.Door;
import io.dray.cli.output.Console;
import io.dray.router.v1.ExplainTaskRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code dray task explain}: where one task would go now, and what speaks against each node. */
@Command(
        name = "explain",
        description = "Say where a task would go now and why, node by node.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  dray task explain TASK", "  dray task explain TASK --json"})
final class TaskExplainCommand implements Runnable {
    private final Console console;

    @Parameters(index = "0", paramLabel = "TASK", description = "Id of the task.")
    private String taskId = "";

    @Mixin
    private final TenantOption tenant = new TenantOption();

    @Mixin
    private final SidecarOption sidecar = new SidecarOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    TaskExplainCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        ExplainTaskRequest request = ExplainTaskRequest.newBuilder()
                .setTaskId(taskId)
                .setTenant(tenant.name())
                .build();
        try (Door door = sidecar.open()) {
            ExplainPrinter.print(console.out(), door.tasks(RouterOption.TIMEOUT).explainTask(request), json.wanted());
        }
    }
}
