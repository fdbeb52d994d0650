package io.dray.cli;

import io.dray.cli.output.Durations;
import io.dray.router.v1.RetryPolicy;
import io.dray.router.v1.TaskSpec;
import io.dray.types.v1.Code;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** When a task that is submitted may start, how long it may wait, and what follows a failure. */
final class TaskLifeOptions {
    @Option(
            names = "--attempts",
            paramLabel = "N",
            converter = CountWord.class,
            description = "Attempts in all (default: 3).")
    private int attempts;

    @Option(
            names = "--backoff",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "Pause after the first failure, doubled after each (default: 500ms).")
    private @Nullable Duration backoff;

    @Option(
            names = "--never-retry",
            paramLabel = "CODE",
            split = ",",
            description = "Failures after which no other attempt is made; worker-lost: the task starts at most once.")
    private List<String> neverRetry = List.of();

    @Option(
            names = "--avoid-failed-node",
            description = "Make another attempt on another node than the one where the last failed, if there is one.")
    private boolean avoidFailedNode;

    @Option(
            names = "--not-before",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "From now; the task does not start before (default: at once).")
    private @Nullable Duration notBefore;

    @Option(
            names = "--deadline",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "From now; the task expires then (default: never; with --wait: --timeout).")
    private @Nullable Duration deadline;

    @Option(
            names = "--queue-ttl",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "The task expires when no worker has taken it for so long (default: never).")
    private @Nullable Duration queueTtl;

    @Option(
            names = "--result-ttl",
            paramLabel = "TIME",
            converter = Durations.class,
            description =
                    "Payload and result are dropped so long after the end; the rest of the task stays as long as the"
                            + " router keeps finished tasks (default: all stays).")
    private @Nullable Duration resultTtl;

    void into(TaskSpec.Builder spec) {
        RetryPolicy.Builder retry =
                RetryPolicy.newBuilder().setMaxAttempts(attempts).setAvoidFailedNode(avoidFailedNode);
        if (backoff != null) {
            retry.setInitialBackoff(Protos.duration(backoff));
        }
        neverRetry.forEach(word -> retry.addNeverRetry(Choice.of(Code.class, "--never-retry", word)));
        spec.setRetry(retry);
        if (notBefore != null) {
            spec.setNotBefore(Protos.timestamp(Instant.now().plus(notBefore)));
        }
        if (deadline != null) {
            spec.setDeadline(Protos.timestamp(Instant.now().plus(deadline)));
        }
        if (queueTtl != null) {
            spec.setQueueTtl(Protos.duration(queueTtl));
        }
        if (resultTtl != null) {
            spec.setResultTtl(Protos.duration(resultTtl));
        }
    }
}
