package io.dray.bench.pressure;

import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.MeshConfig;
import io.dray.agent.MeshException;
import io.dray.agent.Message;
import io.dray.bench.mesh.Commands;
import io.dray.bench.mesh.Tether;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.ObjectMapper;

/**
 * Child process: agents that come and go. Each has a name of its own, subscribes, asks a host some questions and leaves.
 * Answers {@code visit COUNT PER_MINUTE} when all of them have left with how many were served, and {@code gc}.
 */
final class Visitors {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int QUESTIONS = 10;
    private static final int PAYLOAD_BYTES = 1_024;
    private static final int AT_ONCE = 32;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final MeshConfig config;
    private final String host;
    private final AtomicLong names = new AtomicLong();
    private final AtomicLong served = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();

    private Visitors(Plan plan) {
        host = plan.host();
        config = MeshConfig.defaults()
                .withSidecar(plan.where())
                .withConnectTimeout(PATIENCE)
                .withCloseTimeout(Duration.ZERO);
    }

    /**
     * Where to go.
     *
     * @param where the sidecar
     * @param host name of the agent that is asked
     */
    record Plan(String where, String host) {}

    /**
     * Serves until its input closes.
     *
     * @param args a {@link Plan} as JSON
     * @throws Exception when it is interrupted
     */
    public static void main(String[] args) throws Exception {
        Commands commands = Commands.ofInput();
        Visitors visitors = new Visitors(JSON.readValue(args[0], Plan.class));
        System.out.println("READY {}");
        while (true) {
            String[] words = commands.next().split(" ", -1);
            System.out.println(JSON.writeValueAsString(
                    words[0].equals("gc")
                            ? Tether.pauses()
                            : visitors.visit(Long.parseLong(words[1]), Long.parseLong(words[2]))));
        }
    }

    private Map<String, Long> visit(long count, long perMinute) throws InterruptedException {
        served.set(0);
        failures.set(0);
        Semaphore room = new Semaphore(AT_ONCE);
        long start = System.nanoTime();
        for (long i = 0; i < count; i++) {
            long due = start + TimeUnit.MINUTES.toNanos(i) / perMinute;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            room.acquire();
            Thread.ofVirtual().start(() -> {
                try {
                    visit();
                } finally {
                    room.release();
                }
            });
        }
        room.acquire(AT_ONCE);
        return Map.of("served", served.get(), "failures", failures.get());
    }

    private void visit() {
        String name = "visitor-" + names.incrementAndGet();
        try (Mesh agent = Mesh.connect(AgentSpec.named(name).onRequest("ping", _ -> "pong"), config);
                var _ = agent.subscribe("visits." + name, (_, _) -> {})) {
            for (int i = 0; i < QUESTIONS; i++) {
                var _ = agent.requestBlocking(Message.to(host).type("ping").payload(new byte[PAYLOAD_BYTES]), PATIENCE);
            }
            var _ = agent.send(Message.toTopic("visits." + name).payload(new byte[PAYLOAD_BYTES]));
            served.incrementAndGet();
        } catch (MeshException _) {
            failures.incrementAndGet();
        }
    }
}
