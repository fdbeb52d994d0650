package io.dray.cli;

import io.dray.cli.door.Door;
import io.dray.cli.door.Pages;
import io.dray.cli.output.Console;
import io.dray.router.v1.Limit;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dray queue list}: queues that have tasks or a limit, and capabilities with a limit. */
@Command(
        name = "list",
        description = "List queues that have live tasks or a limit, and capabilities that have a limit.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  dray queue list", "  dray queue list --router 10.0.0.1:7400 --json"})
final class QueueListCommand implements Runnable {
    private final Console console;

    @Mixin
    private final RouterOption router = new RouterOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    QueueListCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        try (Door door = router.open()) {
            List<Limit> limits = Pages.limits(door.admin(RouterOption.TIMEOUT));
            if (json.wanted()) {
                LimitPrinter.printJson(console.out(), limits);
            } else {
                LimitPrinter.printTable(console.out(), limits);
            }
        }
    }
}
