package io.dray.cli;

import io.dray.agent.v1.CompleteTaskRequest;
import io.dray.cli.door.Door;
import io.dray.cli.output.CommandException;
import io.dray.cli.output.Console;
import io.dray.cli.output.ExitCode;
import io.dray.cli.output.Json;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dray task complete}: the end of a task that a script claimed. */
@Command(
        name = "complete",
        description = "End a claimed task, with a result or as failed; returns when the outcome is stored.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  dray task complete $task $token 'the result'",
            "  dray task complete $task $token --file page.pdf",
            "  dray task complete $task $token --fail 'printer is away'   # tried again",
            "  dray task complete $task $token --fail 'no such page' --for-good"
        })
final class TaskCompleteCommand implements Runnable {
    private final Console console;

    @Mixin
    private final AttemptParameters attempt = new AttemptParameters();

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "PAYLOAD",
            description = "The result: text, or - for standard input.")
    private String text = "";

    @Mixin
    private final FileOption.Call file = new FileOption.Call();

    @Option(names = "--fail", paramLabel = "TEXT", description = "Why the attempt failed.")
    private String failure = "";

    @Option(names = "--for-good", description = "With --fail: no other attempt can succeed.")
    private boolean forGood;

    @Mixin
    private final SidecarOption sidecar = new SidecarOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    TaskCompleteCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        if (forGood && failure.isEmpty()) {
            throw new CommandException(ExitCode.USAGE, "--for-good needs --fail");
        }
        CompleteTaskRequest.Builder request = CompleteTaskRequest.newBuilder().setAttempt(attempt.attempt());
        if (failure.isEmpty()) {
            request.setResult(PayloadOptions.bytes(text, console, file));
        } else {
            request.setError(MeshError.of(forGood ? Code.CODE_INVALID_REQUEST : Code.CODE_HANDLER_FAILED, failure));
        }
        try (Door door = sidecar.open()) {
            var _ = door.worker(RouterOption.TIMEOUT).completeTask(request.build());
            if (json.wanted()) {
                Json.print(console.out(), Json.object().put("stored", true));
            }
        }
    }
}
