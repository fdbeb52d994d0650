package io.dray.bench.pressure;

import com.google.protobuf.ByteString;
import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.MeshConfig;
import io.dray.bench.load.Result;
import io.dray.bench.mesh.Commands;
import io.dray.bench.mesh.Tether;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import tools.jackson.databind.ObjectMapper;

/**
 * Child process: agents that take messages at a rate. Answers {@code report} with the {@link Result} of each lane since
 * the last report, {@code free} (as fast as they come) and {@code paced} with what it is now, and {@code gc}.
 */
final class Consumers {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LANES = 4;
    private static final int DIGITS = 3;
    private static final long MAX_NANOS = Duration.ofMinutes(10).toNanos();

    private final List<Histogram> latencies = new ArrayList<>();
    private final List<Pace> paces = new ArrayList<>();
    private long sinceNanos = System.nanoTime();

    private Consumers() {
        for (int lane = 0; lane < LANES; lane++) {
            latencies.add(new Histogram(MAX_NANOS, DIGITS));
        }
    }

    /**
     * Which agents.
     *
     * @param where their sidecar
     * @param name of the agent; each of several instances has its own pace
     * @param ratePerS messages per second; 0 means as fast as they come
     * @param instances how many
     */
    record Plan(String where, String name, long ratePerS, int instances) {}

    /**
     * Serves until its input closes.
     *
     * @param args a {@link Plan} as JSON
     * @throws Exception when the sidecar cannot be reached
     */
    public static void main(String[] args) throws Exception {
        Commands commands = Commands.ofInput();
        Plan plan = JSON.readValue(args[0], Plan.class);
        Consumers consumers = new Consumers();
        for (int i = 0; i < plan.instances(); i++) {
            consumers.attach(plan);
        }
        System.out.println("READY {}");
        while (true) {
            System.out.println(JSON.writeValueAsString(consumers.answer(commands.next())));
        }
    }

    private void attach(Plan plan) {
        Pace pace = new Pace(plan.ratePerS());
        paces.add(pace);
        AgentSpec spec = AgentSpec.named(plan.name())
                .onRequest("ping", _ -> "pong")
                .onMessage((message, _) -> onMessage(pace, message.payload()));
        // Stays attached until the process ends.
        var _ = Mesh.connect(
                spec,
                MeshConfig.defaults()
                        .withSidecar(plan.where())
                        .withConcurrency(1)
                        .withCloseTimeout(Duration.ZERO));
    }

    private void onMessage(Pace pace, ByteString payload) {
        long now = System.nanoTime();
        synchronized (this) {
            Histogram lane = latencies.get(Stamp.lane(payload));
            lane.recordValue(Math.clamp(now - Stamp.dueNanos(payload), 0, MAX_NANOS));
        }
        pace.await();
    }

    private Object answer(String command) {
        return switch (command) {
            case "gc" -> Tether.pauses();
            case "report" -> Map.of("lanes", report());
            case "free", "paced" -> {
                paces.forEach(pace -> pace.setFree(command.equals("free")));
                yield Map.of("pace", command);
            }
            default -> throw new IllegalArgumentException(command + " (expected: report, free, paced, gc)");
        };
    }

    private synchronized List<Result> report() {
        long nanos = System.nanoTime() - sinceNanos;
        List<Result> lanes = latencies.stream()
                .map(lane -> Result.of(lane.getTotalCount(), lane.getTotalCount(), nanos, 0, "", lane))
                .toList();
        latencies.forEach(Histogram::reset);
        sinceNanos = System.nanoTime();
        return lanes;
    }
}
