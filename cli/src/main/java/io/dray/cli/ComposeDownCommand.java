package io.dray.cli;

import io.dray.cli.compose.ComposeProject;
import io.dray.cli.output.Console;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code dray compose down}: ends the containers. */
@Command(
        name = "down",
        description = "Stop and remove the containers and their network; the router's tasks and the images stay.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  dray compose down", "  dray compose down --volumes"})
final class ComposeDownCommand implements Runnable {
    private final Console console;

    @Option(names = "--volumes", description = "Remove the router's tasks too.")
    private boolean volumes;

    ComposeDownCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        ComposeProject project = ComposeCommand.project();
        project.remove(volumes, console.err());
        console.err().println("dray: project " + project.name() + " is down");
    }
}
