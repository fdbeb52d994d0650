package io.dray.cli;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.ProgressTaskRequest;
import io.dray.agent.v1.ProgressTaskResponse;
import io.dray.cli.door.Door;
import io.dray.cli.output.Console;
import io.dray.cli.output.ExitCode;
import io.dray.cli.output.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dray task progress}: how far a script is with the task that it claimed. */
@Command(
        name = "progress",
        description = {
            "Say how far a claimed task is, and hold it for longer.",
            "Ends with 1 when the script should stop: the task was cancelled."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  dray task progress $task $token --percent 50 --message 'half'",
            "  dray task progress $task $token || exit    # cancelled, or held for too long"
        })
final class TaskProgressCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final AttemptParameters attempt = new AttemptParameters();

    @Option(names = "--percent", paramLabel = "N", description = "0-100.")
    private int percent;

    @Option(names = "--message", paramLabel = "TEXT", description = "For people; at most 1 KiB.")
    private String message = "";

    @Option(
            names = "--checkpoint",
            paramLabel = "TEXT",
            description = "State from which a later attempt may go on; its claim shows it with --json.")
    private String checkpoint = "";

    @Mixin
    private final SidecarOption sidecar = new SidecarOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    TaskProgressCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ProgressTaskRequest request = ProgressTaskRequest.newBuilder()
                .setAttempt(attempt.attempt())
                .setPercent(Math.clamp(percent, 0, 100))
                .setMessage(message)
                .setCheckpoint(ByteString.copyFromUtf8(checkpoint))
                .build();
        try (Door door = sidecar.open()) {
            ProgressTaskResponse response = door.worker(RouterOption.TIMEOUT).progressTask(request);
            if (json.wanted()) {
                Json.print(
                        console.out(),
                        Json.object()
                                .put("cancelled", response.getCancelled())
                                .put(
                                        "held_until",
                                        Protos.instant(response.getHeldUntil()).toString()));
            } else if (response.getCancelled()) {
                console.err().println("the task was cancelled: stop, and complete it");
            }
            return (response.getCancelled() ? ExitCode.FAILED : ExitCode.DONE).number();
        }
    }
}
