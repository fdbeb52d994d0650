package io.dray.cli;

import io.dray.cli.door.Door;
import io.dray.cli.output.Console;
import io.dray.router.v1.ExplainTaskRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code dray task what-if}: where a task would go that is not submitted. */
@Command(
        name = "what-if",
        description = "Say where a task would go, without submitting it.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  dray task what-if task.yaml",
            "  echo 'capability: digest' | dray task what-if -",
            "",
            "The file holds a TaskSpec, as task_service.proto has it, in JSON or YAML:",
            "  capability: digest",
            "  priority: PRIORITY_HIGH",
            "  resources: {cpu_millis: 2000, memory_bytes: 1073741824}",
            "  placement: {required_labels: {zone: a}, spread_key: digests}"
        })
final class TaskWhatIfCommand implements Runnable {
    private final Console console;

    @Parameters(index = "0", paramLabel = "FILE", description = "The task in JSON or YAML, or - for standard input.")
    private String file = "";

    @Mixin
    private final TenantOption tenant = new TenantOption();

    @Mixin
    private final SidecarOption sidecar = new SidecarOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    TaskWhatIfCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        ExplainTaskRequest request = ExplainTaskRequest.newBuilder()
                .setSpec(SpecFile.read(file, console.in()))
                .setTenant(tenant.name())
                .build();
        try (Door door = sidecar.open()) {
            ExplainPrinter.print(console.out(), door.tasks(RouterOption.TIMEOUT).explainTask(request), json.wanted());
        }
    }
}
