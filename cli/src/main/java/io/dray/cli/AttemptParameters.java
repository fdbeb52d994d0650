package io.dray.cli;

import io.dray.agent.v1.Attempt;
import io.dray.cli.output.CommandException;
import io.dray.cli.output.ExitCode;
import picocli.CommandLine.Parameters;

/** The attempt of a claimed task, as {@code dray task claim} named it. */
final class AttemptParameters {
    @Parameters(index = "0", paramLabel = "TASK", description = "Id of the task, from the claim.")
    private String taskId = "";

    @Parameters(index = "1", paramLabel = "TOKEN", description = "Token of the attempt, from the claim.")
    private String token = "";

    Attempt attempt() {
        try {
            return Attempt.newBuilder()
                    .setTaskId(taskId)
                    .setToken(Long.parseUnsignedLong(token))
                    .build();
        } catch (NumberFormatException e) {
            throw new CommandException(
                    ExitCode.USAGE, "TOKEN: '" + token + "' is no token (expected: the number that the claim gave)", e);
        }
    }
}
