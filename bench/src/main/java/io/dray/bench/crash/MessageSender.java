package io.dray.bench.crash;

import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.MeshException;
import io.dray.agent.Message;
import io.dray.bench.crash.Entry.Event;
import io.dray.types.v1.DeliveryClass;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Child process that sends AT_LEAST_ONCE messages to each of its destinations in turn:
 * {@code MessageSender SIDECAR LEDGERS DESTINATION...}. Told anything, it stops, waits for what is unfinished and
 * answers with the number of messages that were never settled.
 */
public final class MessageSender {
    private static final int UNFINISHED = 128;
    private static final int PAUSE_MILLIS = 4;
    private static final Duration DEADLINE = Duration.ofMinutes(3);
    private static final int SETTLE_SECONDS = 60;

    private final String prefix = "m" + ProcessHandle.current().pid() + "-";
    private final Mesh mesh;
    private final Ledger ledger;
    private final String[] destinations;
    private final Semaphore permits = new Semaphore(UNFINISHED);
    private final AtomicLong number = new AtomicLong();
    private volatile boolean stopped;

    private MessageSender(Mesh mesh, Ledger ledger, String[] destinations) {
        this.mesh = mesh;
        this.ledger = ledger;
        this.destinations = destinations;
    }

    /**
     * Sends until it is told to stop.
     *
     * @param args sidecar, folder of ledgers, agent names
     * @throws Exception when the sidecar cannot be reached
     */
    public static void main(String[] args) throws Exception {
        String[] destinations = Arrays.copyOfRange(args, 2, args.length);
        try (Ledger ledger = CrashAgent.ledger(args[1], "sender")) {
            Mesh mesh = CrashAgent.connect(args[0], AgentSpec.named("crash-sender"));
            MessageSender sender = new MessageSender(mesh, ledger, destinations);
            Thread loop = Thread.ofVirtual().start(sender::send);
            if (CrashAgent.serveUntilTold()) {
                sender.stopped = true;
                loop.join();
                boolean settled = sender.permits.tryAcquire(UNFINISHED, SETTLE_SECONDS, TimeUnit.SECONDS);
                ledger.append(Event.CLOSED, sender.prefix, "").join();
                System.out.println(
                        "{\"unsettled\":" + (settled ? 0 : UNFINISHED - sender.permits.availablePermits()) + "}");
                CrashAgent.serveUntilTold();
            }
        }
        CrashAgent.halt();
    }

    private void send() {
        try {
            while (!stopped) {
                permits.acquire();
                send(prefix + number.incrementAndGet());
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(String key) {
        ledger.append(Event.SENDING, key, "").join();
        String destination = destinations[(int) (number.get() % destinations.length)];
        Message message = Message.to(destination)
                .deliveryClass(DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE)
                .deadline(DEADLINE)
                .payload(key);
        try {
            var _ = mesh.send(message).done().whenComplete((_, failure) -> onOutcome(key, failure));
        } catch (MeshException e) {
            onOutcome(key, e);
        }
    }

    private void onOutcome(String key, @Nullable Throwable failure) {
        if (failure == null) {
            ledger.append(Event.SETTLED, key, "").join();
        } else {
            ledger.append(Event.REFUSED, key, String.valueOf(failure.getMessage()))
                    .join();
        }
        permits.release();
    }
}
