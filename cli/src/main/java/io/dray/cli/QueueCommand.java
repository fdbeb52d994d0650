package io.dray.cli;

import io.dray.cli.output.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code dray queue}: names the commands for queues of tasks and their limits. */
@Command(
        name = "queue",
        description = "List queues of tasks, and limit them or a capability.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {"  dray queue list", "  dray queue limit nightly --max-running 4"})
final class QueueCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private QueueCommand() {}

    static CommandLine commandLine(Console console) {
        return new CommandLine(new QueueCommand())
                .addSubcommand(new QueueListCommand(console))
                .addSubcommand(new QueueLimitCommand(console));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing (expected: list or limit)");
    }
}
