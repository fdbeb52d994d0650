package io.dray.cli;

import io.dray.agent.v1.Assignment;
import io.dray.agent.v1.ClaimTaskRequest;
import io.dray.agent.v1.ClaimTaskResponse;
import io.dray.cli.door.Door;
import io.dray.cli.output.Console;
import io.dray.cli.output.Durations;
import io.dray.cli.output.ExitCode;
import io.dray.cli.output.Json;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code dray task claim}: takes one task for a script. */
@Command(
        name = "claim",
        description = {
            "Take one task, as a worker that is a script; complete it with `dray task complete`.",
            "Prints id, token and payload. Waits for a task at most --timeout, then ends with 5."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  dray task claim resize --timeout 10s --hold 5m",
            "  read -r task token payload < <(dray task claim upper)",
            "  dray task complete $task $token \"${payload^^}\""
        })
final class TaskClaimCommand implements Callable<Integer> {
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Console console;

    @Parameters(
            arity = "1..*",
            paramLabel = "CAPABILITY",
            converter = MeshWord.Name.class,
            description = "What the script can do.")
    private List<String> capabilities = List.of();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "How long to wait for a task (default: 30s).")
    private Duration timeout = Duration.ofSeconds(30);

    @Option(
            names = "--hold",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "How long the task is held without `dray task progress`, 1s to 24h (default: 60s).")
    private Duration hold = Duration.ofSeconds(60);

    @Mixin
    private final SidecarOption sidecar = new SidecarOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    TaskClaimCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ClaimTaskRequest request = ClaimTaskRequest.newBuilder()
                .addAllCapabilities(capabilities)
                .setTimeout(Protos.duration(timeout))
                .setHold(Protos.duration(hold))
                .build();
        try (Door door = sidecar.open()) {
            ClaimTaskResponse claimed = door.worker(timeout.plus(GRACE)).claimTask(request);
            if (!claimed.hasAssignment()) {
                console.err()
                        .printf(
                                "no task came within %s%n",
                                timeout.toString().substring(2).toLowerCase(Locale.ROOT));
                return ExitCode.TIMED_OUT.number();
            }
            print(claimed.getAssignment());
            return ExitCode.DONE.number();
        }
    }

    private void print(Assignment task) {
        String token = Long.toUnsignedString(task.getAttempt().getToken());
        if (!json.wanted()) {
            console.out()
                    .println(task.getAttempt().getTaskId() + " " + token + " "
                            + task.getPayload().toStringUtf8());
            return;
        }
        ObjectNode node = Json.object()
                .put("task_id", task.getAttempt().getTaskId())
                .put("token", token)
                .put("attempt", task.getAttemptNumber())
                .put("capability", task.getCapability())
                .put("type", task.getType())
                .put("content_type", task.getContentType())
                .put("queue", task.getQueue())
                .put("tenant", task.getTenant())
                .put("principal", task.getPrincipal());
        Json.putBytes(node, "payload", task.getPayload().toByteArray());
        if (!task.getCheckpoint().isEmpty()) {
            Json.putBytes(node, "checkpoint", task.getCheckpoint().toByteArray());
        }
        Json.print(console.out(), node);
    }
}
