package io.dray.bench.crash;

import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.MeshException;
import io.dray.agent.TaskHandle;
import io.dray.agent.TaskOutcome;
import io.dray.agent.TaskRequest;
import io.dray.bench.crash.Entry.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Child process that submits tasks under keys: {@code TaskSubmitter SIDECAR LEDGERS}. It first submits again, under the
 * same keys, what a killed predecessor left without an answer. Told anything, it stops, waits for the outcomes and
 * answers with the number of tasks that had none.
 */
public final class TaskSubmitter {
    private static final String NAME = "submitter";
    private static final int UNFINISHED = 64;
    /** A run of half an hour leaves ledgers that can be read within seconds. */
    private static final int PAUSE_MILLIS = 5;

    private static final int ATTEMPTS = 100;
    private static final int SETTLE_SECONDS = 90;
    private static final Duration BACKOFF = Duration.ofMillis(100);

    private final String prefix = TaskAudit.PREFIX + ProcessHandle.current().pid() + "-";
    private final Mesh mesh;
    private final Ledger ledger;
    private final Semaphore permits = new Semaphore(UNFINISHED);
    private volatile boolean stopped;

    private TaskSubmitter(Mesh mesh, Ledger ledger) {
        this.mesh = mesh;
        this.ledger = ledger;
    }

    /**
     * Submits until it is told to stop.
     *
     * @param args sidecar, folder of ledgers
     * @throws Exception when the sidecar cannot be reached
     */
    public static void main(String[] args) throws Exception {
        Set<String> unanswered = unanswered(Path.of(args[1]));
        try (Ledger ledger = CrashAgent.ledger(args[1], NAME)) {
            Mesh mesh = CrashAgent.connect(args[0], AgentSpec.named("crash-submitter"));
            TaskSubmitter submitter = new TaskSubmitter(mesh, ledger);
            Thread loop = Thread.ofVirtual().start(() -> submitter.submitAll(unanswered));
            if (CrashAgent.serveUntilTold()) {
                submitter.stopped = true;
                loop.join();
                boolean settled = submitter.permits.tryAcquire(UNFINISHED, SETTLE_SECONDS, TimeUnit.SECONDS);
                ledger.append(Event.CLOSED, submitter.prefix, "").join();
                System.out.println(
                        "{\"unsettled\":" + (settled ? 0 : UNFINISHED - submitter.permits.availablePermits()) + "}");
                CrashAgent.serveUntilTold();
            }
        }
        CrashAgent.halt();
    }

    private static Set<String> unanswered(Path ledgers) throws IOException {
        Set<String> keys = new LinkedHashSet<>();
        Set<String> answered = new HashSet<>();
        Ledger.forEach(ledgers, NAME, entry -> {
            switch (entry.event()) {
                case SENDING -> keys.add(entry.key());
                case ACKNOWLEDGED -> answered.add(entry.key());
                case SETTLED, REFUSED, STARTED, FINISHED, CLOSED -> {}
            }
        });
        keys.removeAll(answered);
        return keys;
    }

    private void submitAll(Set<String> unanswered) {
        try {
            for (String key : unanswered) {
                submit(key);
            }
            for (long number = 1; !stopped; number++) {
                submit(prefix + number);
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void submit(String key) throws InterruptedException {
        permits.acquire();
        ledger.append(Event.SENDING, key, "").join();
        TaskHandle handle = submitUntilAnswered(key);
        if (handle == null) {
            permits.release();
            return;
        }
        ledger.append(Event.ACKNOWLEDGED, key, handle.id()).join();
        var _ = handle.result().whenComplete((outcome, failure) -> onOutcome(key, outcome, failure));
    }

    /** Returns null when it was refused for good, or nobody answered and the harness wants to end. */
    private @Nullable TaskHandle submitUntilAnswered(String key) {
        while (true) {
            try {
                return mesh.submit(TaskRequest.forCapability(TaskWorker.CAPABILITY)
                        .idempotencyKey(key)
                        .resources(1, 1)
                        .retry(ATTEMPTS, BACKOFF)
                        .payload(key));
            } catch (MeshException e) {
                if (!e.retryable() || stopped) {
                    ledger.append(Event.REFUSED, key, String.valueOf(e.getMessage()))
                            .join();
                    return null;
                }
            }
        }
    }

    private void onOutcome(String key, @Nullable TaskOutcome outcome, @Nullable Throwable failure) {
        if (outcome != null && outcome.succeeded()) {
            ledger.append(Event.SETTLED, key, outcome.taskId()).join();
        } else {
            String why = outcome == null ? String.valueOf(failure) : outcome.toString();
            ledger.append(Event.REFUSED, key, why).join();
        }
        permits.release();
    }
}
