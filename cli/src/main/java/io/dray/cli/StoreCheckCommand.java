package io.dray.cli;

import io.dray.cli.door.Door;
import io.dray.cli.output.CommandException;
import io.dray.cli.output.Console;
import io.dray.cli.output.ExitCode;
import io.dray.cli.output.Json;
import io.dray.cli.output.ProgressBar;
import io.dray.cli.output.Table;
import io.dray.router.v1.CheckStoreRequest;
import io.dray.router.v1.CheckStoreResponse;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dray store check}: looks for faults in the store of a router. */
@Command(
        name = "check",
        description =
                "Look at all of the store while the router works on: whether its tables are sound, each task can be"
                        + " read, and live tasks, finished tasks and idempotency keys fit together.%nEnds with 1 when"
                        + " anything is wrong. Commits wait for one step at a time; on a large store a step takes"
                        + " seconds.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  dray store check", "  dray store check --json"})
final class StoreCheckCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final RouterOption router = new RouterOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    StoreCheckCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        List<String> faults = new ArrayList<>();
        CheckStoreResponse last = CheckStoreResponse.getDefaultInstance();
        ProgressBar bar = new ProgressBar(console);
        try (Door door = router.open()) {
            Iterator<CheckStoreResponse> responses =
                    door.store(RouterOption.WHOLE_STORE).checkStore(CheckStoreRequest.getDefaultInstance());
            while (responses.hasNext()) {
                last = responses.next();
                faults.addAll(last.getFaultsList());
                bar.show("checked", last.getTasks(), last.getAllTasks());
            }
        } finally {
            bar.end();
        }
        if (!last.getDone()) {
            throw new CommandException(ExitCode.FAILED, "the check ended early (expected: a router that goes on)");
        }
        print(last.getTasks(), faults);
        return (faults.isEmpty() ? ExitCode.DONE : ExitCode.FAILED).number();
    }

    private void print(long tasks, List<String> faults) {
        if (json.wanted()) {
            var node = Json.object().put("tasks", tasks);
            var list = node.putArray("faults");
            faults.forEach(list::add);
            Json.print(console.out(), node);
            return;
        }
        faults.forEach(fault -> console.out().println(Table.printable(fault)));
        String count = faults.isEmpty() ? "no" : Integer.toString(faults.size());
        console.out()
                .printf(Locale.ROOT, "%s %s, %,d tasks read%n", count, faults.size() > 1 ? "faults" : "fault", tasks);
    }
}
