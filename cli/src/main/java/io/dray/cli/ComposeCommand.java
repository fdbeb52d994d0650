package io.dray.cli;

import io.dray.cli.compose.ComposeProject;
import io.dray.cli.output.Console;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code dray compose}: names the commands for a mesh in containers. */
@Command(
        name = "compose",
        description = "Run a mesh in containers: a router, three sidecars, an agent beside each in Java, Node and"
                + " Python. Needs a source tree, a Docker engine and docker compose (v2) or docker-compose (1.29);"
                + " ends with 3 where these are missing.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  dray compose up",
            "  dray compose status",
            "  dray compose logs sidecar-a -f",
            "  dray compose down --volumes",
            "",
            "The project is called dray, or as COMPOSE_PROJECT_NAME says. More: compose/README.md"
        })
final class ComposeCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private ComposeCommand() {}

    static CommandLine commandLine(Console console) {
        return new CommandLine(new ComposeCommand())
                .addSubcommand(new ComposeUpCommand(console))
                .addSubcommand(new ComposeStatusCommand(console))
                .addSubcommand(new ComposeLogsCommand(console))
                .addSubcommand(new ComposeDownCommand(console));
    }

    /** The project of the installation that runs this command. */
    static ComposeProject project() {
        Path home = Path.of(System.getProperty("dray.home", "")).toAbsolutePath();
        return ComposeProject.find(home, System.getenv());
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing (expected: up, status, logs or down)");
    }
}
