package io.dray.cli;

import io.dray.cli.output.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code dray config}: names the commands for configuration. */
@Command(
        name = "config",
        description = "Check and show configurations.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  dray config check sidecar.yaml",
            "  dray config show sidecar.yaml",
            "  dray config schema > sidecar.schema.json",
            "",
            "SIGHUP makes a sidecar read its file again; its log says, key by key, what has",
            "changed and what waits for a restart. Routers need a restart."
        })
final class ConfigCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private ConfigCommand() {}

    static CommandLine commandLine(Console console) {
        return new CommandLine(new ConfigCommand())
                .addSubcommand(new ConfigCheckCommand(console))
                .addSubcommand(new ConfigShowCommand(console))
                .addSubcommand(new ConfigSchemaCommand(console));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing (expected: check, show or schema)");
    }
}
