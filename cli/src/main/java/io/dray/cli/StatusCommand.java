package io.dray.cli;

import io.dray.cli.door.Door;
import io.dray.cli.output.Console;
import io.dray.cli.output.Json;
import io.dray.cli.output.Table;
import io.dray.router.v1.GetStatusRequest;
import io.dray.router.v1.GetStatusResponse;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dray status}: one router, and which one owns the pool where several share a store. */
@Command(
        name = "status",
        description = "Say of a router what it knows, and which router owns the pool.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  dray status", "  dray status --router 10.0.0.1:7400 --json"})
final class StatusCommand implements Runnable {
    private final Console console;

    @Mixin
    private final RouterOption router = new RouterOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    StatusCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        try (Door door = router.open()) {
            GetStatusResponse status =
                    door.admin(RouterOption.TIMEOUT).getStatus(GetStatusRequest.getDefaultInstance());
            if (json.wanted()) {
                printJson(status);
            } else {
                print(status);
            }
        }
    }

    private void print(GetStatusResponse status) {
        Table table = new Table("ROUTER", status.getRouter());
        table.row("software", status.getSoftware());
        table.row("pool owner", owner(status));
        table.row("directory", status.getDirectoryComplete() ? "complete" : "waits for nodes");
        table.row("nodes", status.getNodes());
        if (isOwner(status)) {
            // Others have none in memory.
            String tasks = new TreeMap<>(status.getTasksMap())
                    .entrySet().stream()
                            .filter(count -> count.getValue() != 0)
                            .map(count -> count.getValue() + " " + count.getKey())
                            .collect(Collectors.joining(", "));
            table.row("tasks", tasks.isEmpty() ? "none" : tasks);
        }
        table.print(console.out());
    }

    private static boolean isOwner(GetStatusResponse status) {
        return status.hasOwner()
                && status.getOwner().getRouter().equals(status.getRouter())
                && status.getOwner().getEpoch() == status.getEpoch();
    }

    private static String owner(GetStatusResponse status) {
        if (!status.hasOwner()) {
            return "none that it knows";
        }
        return (isOwner(status) ? "this router, " : "") + OwnerPrinter.text(status.getOwner());
    }

    private void printJson(GetStatusResponse status) {
        var object = Json.object()
                .put("router", status.getRouter())
                .put("software", status.getSoftware())
                .put("incarnation", Long.toUnsignedString(status.getIncarnation()))
                .put("directory_complete", status.getDirectoryComplete())
                .put("nodes", status.getNodes());
        if (status.hasOwner()) {
            object.set("owner", OwnerPrinter.json(status.getOwner()));
        }
        var tasks = object.putObject("tasks");
        new TreeMap<>(status.getTasksMap()).forEach(tasks::put);
        Json.print(console.out(), object);
    }
}
