package io.dray.cli;

import io.dray.cli.door.Door;
import io.dray.cli.output.Console;
import io.dray.cli.output.Json;
import io.dray.router.v1.ListTasksRequest;
import io.dray.router.v1.ListTasksResponse;
import io.dray.router.v1.Task;
import io.dray.router.v1.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dray task list}: tasks, newest first. */
@Command(
        name = "list",
        description = "List tasks, newest first.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  dray task list", "  dray task list --state failed --state expired --limit 1000 --json"})
final class TaskListCommand implements Runnable {
    private static final int PAGE = 1000;

    private final Console console;

    @Option(names = "--state", paramLabel = "STATE", description = "Only this state, such as running; may be repeated.")
    private List<String> states = List.of();

    @Option(names = "--queue", paramLabel = "NAME", converter = MeshWord.Name.class, description = "Only this queue.")
    private String queue = "";

    @Option(names = "--capability", paramLabel = "NAME", description = "Only tasks for this capability.")
    private String capability = "";

    @Option(names = "--label", paramLabel = "KEY=VALUE", description = "Only tasks with this label; may be repeated.")
    private Map<String, String> labels = Map.of();

    @Option(
            names = "--limit",
            paramLabel = "N",
            converter = CountWord.class,
            description = "At most N tasks (default: ${DEFAULT-VALUE}).")
    private int limit = 100;

    @Mixin
    private final TenantOption tenant = new TenantOption();

    @Mixin
    private final SidecarOption sidecar = new SidecarOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    TaskListCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        ListTasksRequest.Builder request = ListTasksRequest.newBuilder()
                .setTenant(tenant.name())
                .setQueue(queue)
                .setCapability(capability)
                .putAllLabels(labels);
        states.forEach(word -> request.addStates(Choice.of(TaskState.class, "--state", word)));
        try (Door door = sidecar.open()) {
            print(list(door, request));
        }
    }

    private List<Task> list(Door door, ListTasksRequest.Builder request) {
        List<Task> tasks = new ArrayList<>();
        do {
            request.setPageSize(Math.clamp(limit - tasks.size(), 1, PAGE));
            ListTasksResponse page = door.tasks(RouterOption.TIMEOUT).listTasks(request.build());
            tasks.addAll(page.getTasksList());
            request.setPageToken(page.getNextPageToken());
        } while (!request.getPageToken().isEmpty() && tasks.size() < limit);
        return tasks;
    }

    private void print(List<Task> tasks) {
        if (!json.wanted()) {
            TaskPrinter.printTable(console.out(), tasks);
            return;
        }
        var array = Json.array();
        tasks.forEach(task -> array.add(TaskPrinter.json(task)));
        Json.print(console.out(), array);
    }
}
