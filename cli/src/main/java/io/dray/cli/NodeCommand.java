package io.dray.cli;

import io.dray.cli.output.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code dray node}: names the commands that say what a node gets. */
@Command(
        name = "node",
        description = "Give a node no new tasks, or tasks again.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {"  dray node drain node-2 --wait", "  dray node uncordon node-2"})
final class NodeCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private NodeCommand() {}

    static CommandLine commandLine(Console console) {
        return new CommandLine(new NodeCommand())
                .addSubcommand(new NodeCordonCommand(console))
                .addSubcommand(new NodeUncordonCommand(console))
                .addSubcommand(new NodeDrainCommand(console));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing (expected: cordon, uncordon or drain)");
    }
}
