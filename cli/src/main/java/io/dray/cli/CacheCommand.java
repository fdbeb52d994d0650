package io.dray.cli;

import io.dray.cli.output.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code dray cache}: names the commands for kept replies. */
@Command(
        name = "cache",
        description = "Show or clear the replies that a sidecar keeps: those that agents marked with a time.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {"  dray cache stats", "  dray cache clear"})
final class CacheCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private CacheCommand() {}

    static CommandLine commandLine(Console console) {
        return new CommandLine(new CacheCommand())
                .addSubcommand(new CacheStatsCommand(console))
                .addSubcommand(new CacheClearCommand(console));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing (expected: stats or clear)");
    }
}
