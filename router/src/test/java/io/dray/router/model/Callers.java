package io.dray.router.model;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import io.dray.router.dispatch.NewTask;
import io.dray.router.tasks.Outcome;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.tasks.TaskState.Parked;
import io.dray.router.v1.Resources;
import io.dray.router.v1.RetryPolicy;
import io.dray.router.v1.TaskSpec;
import io.dray.types.v1.Code;
import io.dray.types.v1.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Who submits, cancels, answers and reads, and holds the routers to their word. */
final class Callers {
    static final List<String> CAPABILITIES = List.of("digest", "index");
    static final List<String> QUEUES = List.of("default", "bulk");
    private static final String TENANT = "default";
    private static final int KEYS = 12;

    /** A call under way. */
    private record Call(PlayedRouter router, String what, CompletableFuture<?> reply) {}

    private final Database database;
    private final Promises promises;
    private final Reference reference;
    private final Ledger ledger;
    private final SplittableRandom random;
    private final List<Call> calls = new ArrayList<>();
    private int payloads;

    Callers(Stage stage, SplittableRandom random) {
        this.database = stage.database();
        this.promises = stage.promises();
        this.reference = stage.reference();
        this.ledger = stage.ledger();
        this.random = random;
    }

    private <R> void call(
            PlayedRouter router, String what, CompletableFuture<Outcome<R>> reply, Consumer<Outcome<R>> then) {
        ledger.trace(() -> "asks: " + what);
        calls.removeIf(call -> call.reply().isDone());
        calls.add(new Call(router, what, reply));
        var _ = reply.thenAccept(outcome -> {
            ledger.trace(() -> "hears: " + what + " " + word(outcome));
            then.accept(outcome);
        });
    }

    private static String word(Outcome<?> outcome) {
        return outcome instanceof Outcome.Refused<?> refused
                ? refused.error().getCode().name()
                : "done";
    }

    /** Returns a call that a living router still owes an answer; empty when there is none. */
    String unanswered() {
        return calls.stream()
                .filter(call -> !call.router().isDead() && !call.reply().isDone())
                .map(Call::what)
                .findFirst()
                .orElse("");
    }

    // -- submissions --

    void submit(PlayedRouter router) {
        submit(router, List.of(task()));
    }

    void submitBatch(PlayedRouter router) {
        List<NewTask> batch = new ArrayList<>();
        for (int i = random.nextInt(2, 5); i > 0; i--) {
            batch.add(task());
        }
        submit(router, batch);
    }

    void submit(PlayedRouter router, List<NewTask> tasks) {
        String what = "submit "
                + tasks.stream().map(task -> task.payload().toStringUtf8()).toList();
        call(router, what, router.dispatcher().submit(tasks), outcome -> promises.onSubmitted(tasks, outcome));
    }

    private NewTask task() {
        String payload = "payload-" + ++payloads;
        String key = "";
        if (random.nextInt(5) < 2) {
            key = "key-" + random.nextInt(KEYS);
            payload = key + (random.nextInt(4) == 0 ? " another" : "");
        }
        TaskSpec spec = withTimes(TaskSpec.newBuilder()
                        .setCapability(CAPABILITIES.get(random.nextInt(CAPABILITIES.size())))
                        .setQueue(QUEUES.get(random.nextInt(QUEUES.size())))
                        .setPool("default")
                        .setPriority(Priority.forNumber(random.nextInt(1, 5)))
                        .setIdempotencyKey(key)
                        .setResources(Resources.newBuilder()
                                .setCpuMillis(random.nextInt(6) == 0 ? 3_000 : 100)
                                .setMemoryBytes(1 << 20))
                        .setRetry(policy()))
                .build();
        return newTask(spec, payload);
    }

    static NewTask newTask(TaskSpec spec, String payload) {
        ByteString bytes = ByteString.copyFromUtf8(payload);
        return new NewTask(spec, bytes, TENANT, "uid:1", bytes);
    }

    private TaskSpec.Builder withTimes(TaskSpec.Builder spec) {
        if (random.nextInt(8) == 0) {
            spec.setDeadline(reference.in(java.time.Duration.ofMillis(random.nextInt(500, 15_000))));
        }
        if (random.nextInt(8) == 0) {
            spec.setNotBefore(reference.in(java.time.Duration.ofMillis(random.nextInt(100, 3_000))));
        }
        if (random.nextInt(16) == 0) {
            spec.setQueueTtl(Duration.newBuilder().setSeconds(random.nextInt(1, 5)));
        }
        return spec;
    }

    private RetryPolicy.Builder policy() {
        RetryPolicy.Builder policy = RetryPolicy.newBuilder()
                .setMaxAttempts(random.nextInt(1, 4))
                .setInitialBackoff(Duration.newBuilder().setNanos(random.nextInt(1, 8) * 100_000_000))
                .setMaxBackoff(Duration.newBuilder().setSeconds(1))
                .setJitterPercent(random.nextInt(3) * 10)
                .setAvoidFailedNode(random.nextInt(4) == 0);
        if (random.nextInt(8) == 0) {
            policy.addNeverRetry(Code.CODE_WORKER_LOST);
        }
        return policy;
    }

    // -- what else callers do --

    /** Returns a task of which something is committed. */
    long anyTask() {
        List<TaskSnapshot> tasks = List.copyOf(database.tasks());
        int last = tasks.size() - 1;
        // Rather a recent one: the old ones have ended.
        return tasks.get(last - Math.min(last, random.nextInt(10))).id();
    }

    void cancel(PlayedRouter router, long id) {
        reference.onCancelAsked(id);
        call(
                router,
                "cancel " + id,
                router.dispatcher().cancel(id, TENANT),
                outcome -> promises.onCancelled(router, id, outcome));
    }

    void find(PlayedRouter router, long id) {
        call(router, "find " + id, router.dispatcher().find(id), promises::onFound);
    }

    /** Answers some parked task; returns the node that has it, empty when none is parked. */
    String answerOne(PlayedRouter router) {
        List<TaskSnapshot> parked = parked();
        if (parked.isEmpty()) {
            return "";
        }
        TaskSnapshot task = parked.get(random.nextInt(parked.size()));
        answer(router, task);
        return task.state() instanceof Parked its ? its.hold().node() : "";
    }

    void answerAll(PlayedRouter router) {
        parked().forEach(task -> answer(router, task));
    }

    private List<TaskSnapshot> parked() {
        return database.tasks().stream()
                .filter(task -> task.state() instanceof Parked)
                .toList();
    }

    private void answer(PlayedRouter router, TaskSnapshot task) {
        ByteString answer = ByteString.copyFromUtf8(
                "answer to " + task.attempts().question().text().toStringUtf8());
        call(
                router,
                "answer " + task.id(),
                router.dispatcher().answer(task.id(), TENANT, answer),
                outcome -> promises.onAnswered(task.id(), answer, outcome));
    }

    /** Returns whether some task has not ended. */
    boolean isSomethingOpen() {
        return database.tasks().stream().anyMatch(task -> !task.isEnded());
    }
}
