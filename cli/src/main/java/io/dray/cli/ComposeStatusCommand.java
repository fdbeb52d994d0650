package io.dray.cli;

import io.dray.cli.compose.ComposeProject;
import io.dray.cli.compose.ComposeStatus;
import io.dray.cli.compose.RouterWatch;
import io.dray.cli.output.CommandException;
import io.dray.cli.output.Console;
import io.dray.cli.output.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dray compose status}: the containers, as the engine and as the mesh see them. */
@Command(
        name = "status",
        description = "List the services with health, nodes, agents and published ports. Ends with 1 unless each runs,"
                + " is healthy and known to the mesh.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  dray compose status", "  dray compose status --json"})
final class ComposeStatusCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final JsonOption json = new JsonOption();

    ComposeStatusCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ComposeProject project = ComposeCommand.project();
        ComposeStatus status;
        try (RouterWatch router = new RouterWatch()) {
            status = project.status(router);
        }
        if (status.isEmpty()) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "project " + project.name() + " has no containers (expected: dray compose up before)");
        }
        if (json.wanted()) {
            status.printJson(console.out());
        } else {
            status.printTable(console.out());
        }
        return (status.isReady(project.serviceNames()) ? ExitCode.DONE : ExitCode.FAILED).number();
    }
}
