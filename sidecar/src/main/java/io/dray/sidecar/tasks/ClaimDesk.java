package io.dray.sidecar.tasks;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.Answer;
import io.dray.agent.v1.Assignment;
import io.dray.agent.v1.Attempt;
import io.dray.agent.v1.AttemptUpdate;
import io.dray.core.wire.MeshError;
import io.dray.sidecar.routers.ControlLoop;
import io.dray.sidecar.routers.NodeIdentity;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds tasks for clients that do not attach: each claim is a worker of its own with one slot, from the call that asks
 * until its task has ended. What is not about claims goes on to the attached agents. The public methods for clients may
 * be called by any thread; everything else runs on the control loop, where all futures complete too.
 */
public final class ClaimDesk implements WorkerPort {
    /** Of clients that wait or hold a task: each has a place in every report. */
    static final int MAX_CLAIMS = 1_000;

    private static final int MAX_REMEMBERED = 10_000;

    private final WorkerPort agents;
    private final ControlLoop control;
    private final Map<String, Claim> byInstance = new HashMap<>();
    private final Map<Attempt, Claim> byAttempt = new HashMap<>();
    private final Map<Attempt, CompletableFuture<Optional<Error>>> ended = new LinkedHashMap<>();
    private @Nullable TaskRelay relay;
    private String place = "";
    private long claims;

    /** One client, and its task once there is one. */
    private static final class Claim {
        final String instance;
        final long holdNanos;
        final CompletableFuture<Optional<Assignment>> found = new CompletableFuture<>();
        final CompletableFuture<Optional<Error>> outcome = new CompletableFuture<>();

        @Nullable
        Attempt attempt;

        boolean cancelled;
        boolean completed;
        long heldUntilNanos;

        Claim(String instance, Duration hold) {
            this.instance = instance;
            this.holdNanos = hold.toNanos();
        }
    }

    /**
     * What a claim learns when it says how far it is.
     *
     * @param cancelled whether it should stop
     * @param heldUntilMicros until when it is held, in Unix microseconds of this host
     */
    public record Standing(boolean cancelled, long heldUntilMicros) {}

    /** @param agents the way to workers that are attached */
    public ClaimDesk(WorkerPort agents, ControlLoop control) {
        this.agents = agents;
        this.control = control;
    }

    /** Opens the desk; called once, before the first claim. */
    public void start(TaskRelay tasks, NodeIdentity self) {
        control.execute(() -> {
            relay = tasks;
            // Told apart from those of an earlier start of this node, whose attempts the router may still count.
            place = Long.toString(self.incarnation(), Character.MAX_RADIX) + "@" + self.node();
        });
    }

    /**
     * Waits for a task.
     *
     * @param hold how long the task is held without a word
     * @return the task; empty when none came in time, {@link #giveUp} was called or too many others wait
     */
    public CompletableFuture<Optional<Assignment>> claim(List<String> capabilities, Duration wait, Duration hold) {
        var found = new CompletableFuture<Optional<Assignment>>();
        control.execute(() -> {
            if (byInstance.size() >= MAX_CLAIMS || relay == null) {
                found.completeExceptionally(MeshError.toStatus(MeshError.of(
                        Code.CODE_TOO_MANY,
                        "Too many clients claim tasks at this sidecar.",
                        Integer.toString(byInstance.size()),
                        "fewer than " + MAX_CLAIMS)));
                return;
            }
            claims++;
            var claim = new Claim("claim/" + Long.toString(claims, Character.MAX_RADIX) + "-" + place, hold);
            var _ = claim.found.thenAccept(found::complete);
            var _ = found.whenComplete((_, _) -> control.execute(() -> giveUp(claim)));
            byInstance.put(claim.instance, claim);
            relay.workerAttached(new WorkerInfo(claim.instance, capabilities, 1), List.of());
            control.later(wait, () -> giveUp(claim));
        });
        return found;
    }

    /** The client went away before it was told of a task. */
    public void giveUp(CompletableFuture<Optional<Assignment>> found) {
        found.complete(Optional.empty());
    }

    private void giveUp(Claim claim) {
        if (claim.attempt == null && byInstance.containsKey(claim.instance)) {
            leave(claim);
            claim.found.complete(Optional.empty());
        }
    }

    /** The client went away before it had its task: another worker gets it. */
    public void drop(Attempt attempt) {
        with(attempt, this::lose);
    }

    /** Says how far a claim is, and holds its task for longer; empty when no claim holds the attempt. */
    public CompletableFuture<Optional<Standing>> progress(AttemptUpdate update) {
        var reply = new CompletableFuture<Optional<Standing>>();
        control.execute(() -> {
            Claim claim = byAttempt.get(attemptOf(update));
            if (claim == null || claim.completed) {
                reply.complete(Optional.empty());
                return;
            }
            hold(claim);
            tell(claim, update.toBuilder().setStarted(true));
            long heldMicros = control.unixMicros() + claim.holdNanos / 1_000;
            reply.complete(Optional.of(new Standing(claim.cancelled, heldMicros)));
        });
        return reply;
    }

    /**
     * Ends a claim.
     *
     * @param error why it failed; null when it succeeded
     * @return once the router has spoken: empty when the outcome is stored, else why it counts no more
     */
    public CompletableFuture<Optional<Error>> complete(Attempt attempt, ByteString result, @Nullable Error error) {
        var reply = new CompletableFuture<Optional<Error>>();
        control.execute(() -> {
            Claim claim = byAttempt.get(attempt);
            if (claim == null) {
                CompletableFuture<Optional<Error>> earlier = ended.get(attempt);
                if (earlier == null) {
                    reply.complete(Optional.of(fenced(attempt)));
                } else {
                    var _ = earlier.thenAccept(reply::complete);
                }
                return;
            }
            var _ = claim.outcome.thenAccept(reply::complete);
            if (!claim.completed) {
                claim.completed = true;
                AttemptUpdate.Builder done =
                        AttemptUpdate.newBuilder().setStarted(true).setDone(true);
                if (error == null) {
                    tell(claim, done.setResult(result));
                } else {
                    boolean stops = claim.cancelled && error.getCode() != Code.CODE_CANCELLED;
                    Error cancelled = MeshError.of(Code.CODE_CANCELLED, "The attempt was cancelled.");
                    tell(claim, done.setError(stops ? cancelled : error));
                }
            }
        });
        return reply;
    }

    /** Returns the error of those who hold nothing. */
    public static Error fenced(Attempt attempt) {
        return MeshError.of(
                Code.CODE_FENCED,
                "No claim at this sidecar holds the attempt: it ended, was held for too long, or the sidecar started again.",
                attempt.getTaskId() + " token " + Long.toUnsignedString(attempt.getToken()),
                "task_id and token of a claim that is held; claim again");
    }

    private void tell(Claim claim, AttemptUpdate.Builder update) {
        Attempt attempt = claim.attempt;
        if (relay != null && attempt != null) {
            relay.workerUpdate(
                    claim.instance,
                    update.setTaskId(attempt.getTaskId())
                            .setToken(attempt.getToken())
                            .build());
        }
    }

    private void with(Attempt attempt, Consumer<Claim> work) {
        control.execute(() -> {
            Claim claim = byAttempt.get(attempt);
            if (claim != null) {
                work.accept(claim);
            }
        });
    }

    /** Counts the time of its hold from now; afterwards it is as if its worker had gone away. */
    private void hold(Claim claim) {
        claim.heldUntilNanos = control.nanos() + claim.holdNanos;
        control.later(Duration.ofNanos(claim.holdNanos), () -> {
            boolean isSilent = claim.heldUntilNanos - control.nanos() <= 0;
            if (isSilent && !claim.completed && byInstance.containsKey(claim.instance)) {
                lose(claim);
            }
        });
    }

    /** The worker of the claim is gone; the router gives its task to another. */
    private void lose(Claim claim) {
        Attempt attempt = claim.attempt;
        leave(claim);
        if (attempt != null && !claim.completed) {
            byAttempt.remove(attempt);
            claim.outcome.complete(Optional.of(fenced(attempt)));
        }
    }

    private void leave(Claim claim) {
        byInstance.remove(claim.instance);
        if (relay != null) {
            relay.workerDetached(claim.instance, true);
        }
    }

    private static Attempt attemptOf(AttemptUpdate update) {
        return Attempt.newBuilder()
                .setTaskId(update.getTaskId())
                .setToken(update.getToken())
                .build();
    }

    // What the relay says to workers.

    @Override
    public boolean assign(String instance, Assignment assignment) {
        Claim claim = byInstance.get(instance);
        if (claim == null) {
            return agents.assign(instance, assignment);
        }
        if (claim.attempt != null) {
            return false;
        }
        claim.attempt = assignment.getAttempt();
        byAttempt.put(assignment.getAttempt(), claim);
        hold(claim);
        tell(claim, AttemptUpdate.newBuilder().setStarted(true));
        claim.found.complete(Optional.of(assignment));
        return true;
    }

    @Override
    public boolean cancel(String instance, Attempt attempt) {
        Claim claim = byInstance.get(instance);
        if (claim == null) {
            return agents.cancel(instance, attempt);
        }
        claim.cancelled = true;
        return true;
    }

    @Override
    public boolean answer(String instance, Answer answer) {
        // A claim has no way to ask.
        return !byInstance.containsKey(instance) && agents.answer(instance, answer);
    }

    @Override
    public boolean finished(String instance, Attempt attempt, @Nullable Error refusal) {
        Claim claim = byInstance.get(instance);
        if (claim == null) {
            return agents.finished(instance, attempt, refusal);
        }
        byAttempt.remove(attempt);
        ended.put(attempt, claim.outcome);
        if (ended.size() > MAX_REMEMBERED) {
            ended.remove(ended.keySet().iterator().next());
        }
        leave(claim);
        claim.outcome.complete(Optional.ofNullable(refusal));
        return true;
    }

    @Override
    public long nanosSinceHeard(String instance) {
        // Whether a claim is heard is told by its hold.
        return byInstance.containsKey(instance) ? 0 : agents.nanosSinceHeard(instance);
    }
}
