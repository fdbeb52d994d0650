package io.dray.cli;

import io.dray.cli.output.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code dray task}: names the commands for durable tasks. */
@Command(
        name = "task",
        description = "Submit, look at, answer and cancel durable tasks, or do them in a script.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {"  dray task submit translate --file page.txt --wait", "  dray task list --state running"})
final class TaskCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private TaskCommand() {}

    static CommandLine commandLine(Console console) {
        return new CommandLine(new TaskCommand())
                .addSubcommand(new TaskSubmitCommand(console))
                .addSubcommand(new TaskGetCommand(console))
                .addSubcommand(new TaskListCommand(console))
                .addSubcommand(new TaskWatchCommand(console))
                .addSubcommand(new TaskAnswerCommand(console))
                .addSubcommand(new TaskCancelCommand(console))
                .addSubcommand(new TaskClaimCommand(console))
                .addSubcommand(new TaskProgressCommand(console))
                .addSubcommand(new TaskCompleteCommand(console))
                .addSubcommand(new TaskExplainCommand(console))
                .addSubcommand(new TaskWhatIfCommand(console));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "a command is missing (expected: submit, get, list, watch, answer, cancel, claim, progress, complete,"
                        + " explain or what-if)");
    }
}
