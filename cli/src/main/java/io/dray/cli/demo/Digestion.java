package io.dray.cli.demo;

import io.dray.cli.output.CommandException;
import io.dray.cli.output.ExitCode;
import io.dray.cli.output.Failures;
import io.dray.cli.output.ProgressBar;
import io.dray.core.wire.MeshError;
import io.dray.router.v1.Task;
import io.dray.types.v1.Code;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The time from the first document to the last digest, watched from outside. Not thread-safe. */
final class Digestion {
    private static final Duration AGENTS_WITHIN = Duration.ofSeconds(30);
    /** Longer than any pause that a killed sidecar or router causes: restart, lease, resend. */
    private static final Duration STALLED_AFTER = Duration.ofSeconds(90);

    /** Of a store that fails nothing comes by itself: mostly its disk is full. A router that was killed has it read by then. */
    private static final Duration STORE_FAILED_AFTER = Duration.ofSeconds(20);

    private static final long POLL_MILLIS = 100;

    private final Supplier<List<String>> deadAgents;
    private final DigestMesh mesh;
    private final ProgressBar progress;
    private final StatusTally tally;
    private final long endedBefore;
    private @Nullable String storeProblem;

    /**
     * Watches nothing yet.
     *
     * @param deadAgents tells the agents that ended, which nobody starts again
     * @param endedBefore tasks of earlier work that have ended
     */
    Digestion(
            Supplier<List<String>> deadAgents,
            DigestMesh mesh,
            ProgressBar progress,
            StatusTally tally,
            long endedBefore) {
        this.deadAgents = deadAgents;
        this.mesh = mesh;
        this.progress = progress;
        this.tally = tally;
        this.endedBefore = endedBefore;
    }

    /** How far all are; two that are equal in a row mean that nothing moved. */
    private record Standing(String phase, long files, long documents, long submitted, long succeeded, long ended) {
        boolean isComplete() {
            return phase.equals("done") && ended >= submitted;
        }
    }

    /** Waits until the router knows so many agents. */
    void awaitAgents(int count) {
        long until = System.nanoTime() + AGENTS_WITHIN.toNanos();
        while (mesh.agents() < count) {
            if (System.nanoTime() - until > 0) {
                throw new CommandException(
                        ExitCode.TIMED_OUT,
                        "the router knows %d agents after %d s (expected: %d)"
                                .formatted(mesh.agents(), AGENTS_WITHIN.toSeconds(), count));
            }
            pause();
        }
    }

    /** Waits until all tasks have ended; tells the listener in each round how many succeeded. */
    void await(LongConsumer listener) {
        Standing last = new Standing("", 0, 0, 0, 0, 0);
        long movedAt = System.nanoTime();
        long revisions = 0;
        while (!last.isComplete()) {
            Standing now = look(last);
            show(now);
            if (!now.equals(last)) {
                movedAt = System.nanoTime();
                storeProblem = null;
            } else if (storeProblem != null && System.nanoTime() - movedAt > STORE_FAILED_AFTER.toNanos()) {
                throw new CommandException(
                        ExitCode.FAILED,
                        "%d of %d tasks have ended, and nothing moved for %d s: %s"
                                .formatted(now.ended(), now.submitted(), STORE_FAILED_AFTER.toSeconds(), storeProblem));
            } else if (System.nanoTime() - movedAt > STALLED_AFTER.toNanos()) {
                // A large file takes its time, but its attempt tells how far it is.
                long then = revisions;
                revisions =
                        mesh.tasksAtWork().stream().mapToLong(Task::getRevision).sum();
                if (revisions != then) {
                    movedAt = System.nanoTime();
                    continue;
                }
                throw new CommandException(
                        ExitCode.TIMED_OUT,
                        "nothing moved for %d s; %d of %d tasks have ended"
                                .formatted(STALLED_AFTER.toSeconds(), now.ended(), now.submitted()));
            }
            last = now;
            mesh.tally(tally);
            listener.accept(now.succeeded());
            pause();
        }
    }

    /** Asks reader and router; while the reader's sidecar is away it stays where it was. */
    private Standing look(Standing last) {
        List<String> dead = deadAgents.get();
        if (!dead.isEmpty()) {
            throw new CommandException(ExitCode.FAILED, "agents ended: " + String.join("; ", dead));
        }
        try {
            Map<String, String> reader = mesh.readerStatus();
            if (reader.getOrDefault("phase", "").equals("failed")) {
                throw new CommandException(ExitCode.FAILED, "the reader failed: " + reader.get("problem"));
            }
            Map<String, Long> tasks = mesh.taskCounts();
            long succeeded = tasks.getOrDefault("SUCCEEDED", 0L);
            long ended = succeeded + sum(tasks, List.of("FAILED", "CANCELLED", "EXPIRED"));
            return new Standing(
                    reader.getOrDefault("phase", ""),
                    number(reader, "files"),
                    number(reader, "documents"),
                    number(reader, "submitted"),
                    succeeded,
                    ended - endedBefore);
        } catch (StatusRuntimeException e) {
            if (MeshError.from(e).getCode() == Code.CODE_STORE_FAILED) {
                storeProblem = Failures.line(e);
            }
            return switch (Failures.code(e)) {
                case UNREACHABLE, TIMED_OUT, REFUSED, FAILED -> last;
                case DONE, USAGE, INTERRUPTED -> throw e;
            };
        }
    }

    private void show(Standing now) {
        if (now.submitted() > 0) {
            progress.show("digesting", now.ended(), now.documents());
        } else if (now.files() > 0) {
            progress.show("reading", now.documents(), now.files());
        }
    }

    private static long sum(Map<String, Long> tasks, List<String> states) {
        return states.stream().mapToLong(state -> tasks.getOrDefault(state, 0L)).sum();
    }

    private static long number(Map<String, String> fields, String name) {
        return Long.parseLong(fields.getOrDefault(name, "0"));
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CommandException(ExitCode.INTERRUPTED, "interrupted");
        }
    }
}
