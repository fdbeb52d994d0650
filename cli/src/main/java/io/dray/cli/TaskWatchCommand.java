package io.dray.cli;

import io.dray.cli.door.Door;
import io.dray.cli.output.Console;
import io.dray.cli.output.Durations;
import io.dray.cli.output.ExitCode;
import io.dray.cli.output.Json;
import io.dray.router.v1.Task;
import io.dray.router.v1.WatchTasksRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dray task watch}: prints each change; ends when all named tasks have ended. */
@Command(
        name = "watch",
        description = "Print each change of tasks, one line each; without TASK of all tasks, until Ctrl-C.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  dray task watch TASK", "  dray task watch --queue default --json"})
final class TaskWatchCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(arity = "0..*", paramLabel = "TASK", description = "Ids of tasks.")
    private List<String> taskIds = List.of();

    @Option(names = "--queue", paramLabel = "NAME", converter = MeshWord.Name.class, description = "Only this queue.")
    private String queue = "";

    @Option(names = "--timeout", paramLabel = "TIME", converter = Durations.class, description = "Give up after it.")
    private Duration timeout = Duration.ofDays(365);

    @Mixin
    private final TenantOption tenant = new TenantOption();

    @Mixin
    private final SidecarOption sidecar = new SidecarOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    TaskWatchCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        WatchTasksRequest request = WatchTasksRequest.newBuilder()
                .addAllTaskIds(taskIds)
                .setTenant(tenant.name())
                .setQueue(queue)
                .build();
        Map<String, ExitCode> ends = new HashMap<>();
        try (Door door = sidecar.open()) {
            door.tasks(timeout)
                    .watchTasks(request)
                    .forEachRemaining(change -> change.getTasksList().forEach(task -> {
                        print(task);
                        console.checkWritten();
                        ends.put(task.getTaskId(), TaskPrinter.exitCode(task));
                    }));
        }
        return ends.values().stream().mapToInt(ExitCode::number).max().orElse(0);
    }

    private void print(Task task) {
        if (json.wanted()) {
            Json.printLine(console.out(), TaskPrinter.json(task));
        } else {
            TaskPrinter.printLine(console.out(), task);
        }
    }
}
