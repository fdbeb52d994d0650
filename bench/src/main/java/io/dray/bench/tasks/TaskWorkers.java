package io.dray.bench.tasks;

import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.MeshConfig;
import io.dray.agent.Task;
import io.dray.bench.load.Payload;
import io.dray.bench.load.Result;
import io.dray.bench.mesh.Commands;
import io.dray.bench.mesh.Tether;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import tools.jackson.databind.ObjectMapper;

/**
 * Child process that does tasks by the SDK: {@code TaskWorkers SIDE}, which is JSON. Answers {@code report EXPECTED
 * PATIENCE_MILLIS} with how long tasks took from their planned submission to their handler, and {@code gc}. Halts when its
 * input closes.
 */
public final class TaskWorkers {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT = Duration.ofSeconds(30);
    private static final byte[] RESULT = new byte[16];
    private static final int DIGITS = 3;

    private final Recorder latencies = new Recorder(DIGITS);
    private final AtomicLong arrived = new AtomicLong();
    private long reported;

    private TaskWorkers() {}

    /**
     * Works until its input closes.
     *
     * @param args the {@link TaskSide} as JSON
     * @throws Exception when the sidecar cannot be reached
     */
    public static void main(String[] args) throws Exception {
        TaskSide side = JSON.readValue(args[0], TaskSide.class);
        Commands commands = Commands.ofInput();
        TaskWorkers workers = new TaskWorkers();
        for (TaskSide.Offer offer : side.offers()) {
            workers.connect(side.where(), offer);
        }
        System.out.println("READY " + JSON.writeValueAsString(Map.of("where", side.where())));
        while (true) {
            String[] words = commands.next().split(" ", -1);
            Object answer = words[0].equals("gc")
                    ? Tether.pauses()
                    : workers.report(Long.parseLong(words[1]), Duration.ofMillis(Long.parseLong(words[2])));
            System.out.println(JSON.writeValueAsString(answer));
        }
    }

    private void connect(String sidecar, TaskSide.Offer offer) {
        AgentSpec spec = AgentSpec.named(offer.capability())
                .capability(offer.capability())
                .taskSlots(offer.slots())
                .onTask((task, _) -> work(task, offer.millis()));
        // Ends with the process.
        var _ = Mesh.connect(spec, MeshConfig.defaults().withSidecar(sidecar).withConnectTimeout(CONNECT));
    }

    private byte[] work(Task task, int millis) throws InterruptedException {
        long now = System.nanoTime();
        if (task.payload().size() >= Payload.HEADER_BYTES) {
            ByteBuffer payload = task.payload().asReadOnlyByteBuffer();
            long planned = payload.getLong();
            // The tasks of a closed loop carry no time.
            if (planned != 0) {
                latencies.recordValue(Math.max(0, now - planned));
            }
            arrived.incrementAndGet();
        }
        if (millis > 0) {
            TimeUnit.MILLISECONDS.sleep(millis);
        }
        return RESULT;
    }

    /** Waits until as much as expected has come, or the patience is over; then starts from zero. */
    private Result report(long expected, Duration patience) throws InterruptedException {
        var _ = Patience.until(patience, () -> arrived.get() - reported >= expected);
        long came = arrived.get() - reported;
        reported += came;
        Histogram histogram = latencies.getIntervalHistogram();
        long missing = Math.max(0, expected - came);
        return Result.of(expected, came, 1, missing, missing > 0 ? missing + " tasks never came" : "", histogram);
    }
}
