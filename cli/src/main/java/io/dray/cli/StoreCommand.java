package io.dray.cli;

import io.dray.cli.output.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code dray store}: names the commands for the store of a router. */
@Command(
        name = "store",
        description =
                "Look at the store of a router as a whole, and move it to another one.%nAll goes through the router:"
                        + " its SQLite file can be opened by nobody else.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  dray store stats",
            "  dray store export tasks.dray",
            "  dray store import tasks.dray --router db-router:7400"
        })
final class StoreCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private StoreCommand() {}

    static CommandLine commandLine(Console console) {
        return new CommandLine(new StoreCommand())
                .addSubcommand(new StoreStatsCommand(console))
                .addSubcommand(new StoreCheckCommand(console))
                .addSubcommand(new StoreExportCommand(console))
                .addSubcommand(new StoreImportCommand(console));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "a command is missing (expected: stats, check, export or import)");
    }
}
