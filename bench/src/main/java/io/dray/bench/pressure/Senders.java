package io.dray.bench.pressure;

import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.MeshConfig;
import io.dray.agent.MeshException;
import io.dray.agent.Message;
import io.dray.bench.mesh.Commands;
import io.dray.bench.mesh.Tether;
import io.dray.types.v1.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.ObjectMapper;

/**
 * Child process: agents that send while they are {@code on}, each stream on a thread of its own, at a rate or as fast as
 * is accepted; {@code off} ends that. Answers each with the {@link Sent} of all streams since the last, and {@code gc}.
 */
final class Senders {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<Stream> streams = new ArrayList<>();
    private volatile boolean on;

    /**
     * Which streams.
     *
     * @param where their sidecar
     * @param flows what each sends
     */
    record Plan(String where, List<Flow> flows) {}

    /**
     * One stream.
     *
     * @param from name of the sending agent; streams of one name share one
     * @param to the destination
     * @param lane 0 (CRITICAL) to 3 (LOW)
     * @param ratePerS planned messages per second; 0 means as fast as accepted
     * @param payloadBytes of each
     */
    record Flow(String from, String to, int lane, long ratePerS, int payloadBytes) {}

    /**
     * What became of a stream.
     *
     * @param sent messages that were taken
     * @param failures those that were not, because the destination stayed full
     */
    record Sent(long sent, long failures) {}

    /**
     * Serves until its input closes.
     *
     * @param args a {@link Plan} as JSON
     * @throws Exception when the sidecar cannot be reached
     */
    public static void main(String[] args) throws Exception {
        Commands commands = Commands.ofInput();
        Plan plan = JSON.readValue(args[0], Plan.class);
        Senders senders = new Senders();
        senders.start(plan);
        System.out.println("READY {}");
        while (true) {
            System.out.println(JSON.writeValueAsString(senders.answer(commands.next())));
        }
    }

    private void start(Plan plan) throws InterruptedException {
        Map<String, Mesh> agents = new HashMap<>();
        MeshConfig config = MeshConfig.defaults().withSidecar(plan.where()).withCloseTimeout(Duration.ZERO);
        for (Flow flow : plan.flows()) {
            Mesh agent = agents.computeIfAbsent(flow.from(), name -> Mesh.connect(AgentSpec.named(name), config));
            awaitAnswer(agent, flow.to());
            Stream stream = new Stream(agent, flow);
            streams.add(stream);
            Thread.ofPlatform().daemon().name(flow.to() + "-" + flow.lane()).start(stream);
        }
    }

    /** Agents that attached on another node are known only a moment later. */
    private static void awaitAnswer(Mesh agent, String name) throws InterruptedException {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                var _ = agent.requestBlocking(Message.to(name).type("ping"), Duration.ofSeconds(2));
                return;
            } catch (MeshException e) {
                if (System.nanoTime() > giveUp) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    private Object answer(String command) {
        return switch (command) {
            case "gc" -> Tether.pauses();
            case "on", "off" -> {
                on = command.equals("on");
                yield Map.of("streams", streams.stream().map(Stream::take).toList());
            }
            default -> throw new IllegalArgumentException(command + " (expected: on, off, gc)");
        };
    }

    private final class Stream implements Runnable {
        private final Mesh agent;
        private final Flow flow;
        private final Message message;
        private long sent;
        private long failures;

        Stream(Mesh agent, Flow flow) {
            this.agent = agent;
            this.flow = flow;
            this.message = Message.to(flow.to()).priority(Priority.forNumber(flow.lane() + 1));
        }

        @Override
        public void run() {
            while (true) {
                while (!on) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
                long start = System.nanoTime();
                for (long i = 0; on; i++) {
                    long due = due(start, i);
                    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                        LockSupport.parkNanos(left);
                    }
                    send(due);
                }
            }
        }

        synchronized Sent take() {
            Sent taken = new Sent(sent, failures);
            sent = 0;
            failures = 0;
            return taken;
        }

        private long due(long start, long i) {
            return flow.ratePerS() == 0 ? System.nanoTime() : start + TimeUnit.SECONDS.toNanos(i) / flow.ratePerS();
        }

        private void send(long due) {
            boolean isTaken = true;
            try {
                var _ = agent.send(message.payload(Stamp.payload(due, flow.lane(), flow.payloadBytes())));
            } catch (MeshException _) {
                isTaken = false;
            }
            synchronized (this) {
                sent += isTaken ? 1 : 0;
                failures += isTaken ? 0 : 1;
            }
        }
    }
}
