package io.dray.bench.pressure;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.agent.v1.AttachedAgent;
import io.dray.agent.v1.GetStatusRequest;
import io.dray.agent.v1.StatusServiceGrpc;
import io.dray.bench.load.Result;
import io.dray.bench.load.Side;
import io.dray.bench.load.Work;
import io.dray.bench.mesh.Child;
import io.dray.bench.mesh.LocalMesh;
import io.dray.bench.messaging.Scenario;
import io.dray.bench.report.Contender;
import io.dray.core.testing.Await;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pressure suite's promises over real processes, for seconds and in counts only. */
class PressureCountsTest {
    private static final int PAIRS = 40;
    private static final int SECONDS = 3;
    private static final long QUEUE_LIMIT = 64 * 1024;
    private static final double MAILBOX_LIMIT = 4 * 1024 * 1024;
    private static final int NORMAL = 2;
    private static final int VISITORS = 100;

    private final Scenario scenario = new Scenario("counts", "a short test", Work.closed(100, PAIRS), PAIRS, List.of());
    private Path folder = Path.of("");
    private PressureBed bed;

    @BeforeEach
    void start() throws Exception {
        // JUnit's own folders are too long for Unix sockets.
        folder = Files.createTempDirectory("dray-pressure-");
        bed = PressureBed.in(folder, scenario, new Contender("dray", "local", "uds"), List.of());
    }

    @AfterEach
    void stop() throws Exception {
        bed.close();
        LocalMesh.deleteFolder(folder);
    }

    @Test
    void fortyPairsBesideAStoppedAndACrawlingConsumerAreRefusedNothingAndQueueLittle() throws Exception {
        bed.startAlone("a");
        bed.startAgents("sink", new Side("dray", bed.socket("a"), true, PAIRS, false));
        bed.startAgents("source", new Side("dray", bed.socket("a"), false, PAIRS, false));

        try (SlowConsumers slow = SlowConsumers.start(bed, "a")) {
            slow.press();
            assertThat(pairsUnderLoad("load-")).isLessThan(QUEUE_LIMIT);
            slow.relieve();
        }
        assertThat(bed.meter("dray_refused_total")).isZero();
    }

    @Test
    void fortyPairsOverTwoLinksBesideASlowThirdOneAreRefusedNothingAndQueueLittle() throws Exception {
        bed.startRouter();
        for (String node : List.of("a", "b", "c")) {
            bed.startSidecar(node);
        }
        try (SlowLink slow = SlowLink.start(bed, "d", "a")) {
            bed.readMeters("a", "b", "c", "d");
            int half = PAIRS / 2;
            bed.startAgents("sink", new Side("dray", bed.socket("b"), true, half, false));
            bed.startAgents("sink-c", new Side("dray", bed.socket("c"), true, half, false, half));
            bed.startAgents("source", new Side("dray", bed.socket("a"), false, PAIRS, false));

            slow.press();
            assertThat(pairsUnderLoad("load-")).isLessThan(QUEUE_LIMIT);
            slow.relieve();
        }
    }

    @Test
    void aFloodIntoASlowConsumerStaysWithinTheMailboxAndNobodyIsRefused() throws Exception {
        bed.startAlone("a");
        Child consumer =
                bed.start("sink", Consumers.class, new Consumers.Plan(bed.socket("a"), "consumer", 5_000, 1), true);
        var flood = new Senders.Flow("producer", "consumer", NORMAL, 0, 1_024);
        Child senders = bed.start("source", Senders.class, new Senders.Plan(bed.socket("a"), List.of(flood)), true);

        var _ = PressureBed.tell(senders, "on");
        double mostQueued = 0;
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS); System.nanoTime() < end; ) {
            mostQueued = Math.max(mostQueued, bed.meter("dray_mailbox_queued_bytes"));
        }
        List<Senders.Sent> sent = PressureBed.tell(senders, "off");
        var _ = PressureBed.ask(consumer, "free");
        bed.await("dray_queued_envelopes", waiting -> waiting == 0);

        assertThat(mostQueued).isPositive().isLessThanOrEqualTo(MAILBOX_LIMIT);
        assertThat(sent.getFirst().failures()).isZero();
        assertThat(bed.meter("dray_refused_total")).isZero();
        assertThat(bed.meter("dray_memory_used_bytes")).isZero();
    }

    @Test
    void lowGetsItsPartAndTheOtherLanesLoseNothingWhileItFloods() throws Exception {
        bed.startAlone("a");
        Child consumer =
                bed.start("sink", Consumers.class, new Consumers.Plan(bed.socket("a"), "consumer", 5_000, 1), true);
        List<Senders.Flow> flows = new ArrayList<>();
        for (int lane = 0; lane < 4; lane++) {
            flows.add(new Senders.Flow("program", "consumer", lane, lane == 3 ? 0 : 100, 100));
        }
        Child senders = bed.start("source", Senders.class, new Senders.Plan(bed.socket("a"), flows), true);

        var _ = PressureBed.tell(senders, "on");
        bed.await("dray_envelopes_routed_total", routed -> routed >= SECONDS * 5_000);
        List<Result> drained = PressureBed.report(consumer);
        List<Senders.Sent> sent = PressureBed.tell(senders, "off");

        double all = drained.stream().mapToLong(Result::operations).sum();
        assertThat(drained.getLast().operations() / all).isGreaterThanOrEqualTo(0.05);
        for (int lane = 0; lane < 3; lane++) {
            assertThat(sent.get(lane).failures()).isZero();
            assertThat(drained.get(lane).operations()).isPositive();
        }
        assertThat(bed.meter("dray_refused_total")).isZero();
    }

    @Test
    void nothingIsKeptOfAgentsThatCameAndWent() throws Exception {
        bed.startAlone("a");
        bed.start("sink", Consumers.class, new Consumers.Plan(bed.socket("a"), "host", 0, 1), true);
        Child visitors = bed.start("source", Visitors.class, new Visitors.Plan(bed.socket("a"), "host"), true);
        visit(visitors);
        Counts before = counts();
        long filesBefore = files();

        visit(visitors);

        assertThat(counts()).isEqualTo(before);
        Await.until(
                () -> files() + " files (expected: " + filesBefore + ")",
                Duration.ofSeconds(10),
                () -> files() <= filesBefore);
    }

    private record Counts(long agents, int meters, double cached, double used) {}

    /** Descriptors of the sidecar; those of closed connections go a moment later. */
    private long files() {
        return PressureBed.ask(bed.sidecar("a"), "memory").get("files").asLong();
    }

    private Counts counts() throws InterruptedException {
        bed.await("dray_agents_attached", attached -> attached == 1);
        var meters = bed.bed().sidecars().read();
        return new Counts(
                attached().size(),
                meters.size(),
                meters.getOrDefault("dray_address_cache_size", 0.0),
                meters.getOrDefault("dray_memory_used_bytes", 0.0));
    }

    private static void visit(Child visitors) {
        var answer = PressureBed.ask(visitors, "visit " + VISITORS + " 1000000");
        assertThat(answer.get("served").asInt()).isEqualTo(VISITORS);
    }

    /** Puts load on the pairs, none of which fails, and returns the greatest mailbox of any of them meanwhile. */
    private long pairsUnderLoad(String prefix) {
        CompletableFuture<Result> load = CompletableFuture.supplyAsync(
                () -> bed.bed().run(scenario.work().lasting(SECONDS)));
        long greatest = 0;
        while (!load.isDone()) {
            greatest = Math.max(
                    greatest,
                    attached().stream()
                            .filter(agent -> agent.getInstance().startsWith(prefix))
                            .mapToLong(AttachedAgent::getQueuedBytes)
                            .max()
                            .orElse(0));
        }
        assertThat(load.join().operations()).isGreaterThan(PAIRS);
        assertThat(load.join().failures()).isZero();
        return greatest;
    }

    private List<AttachedAgent> attached() {
        List<AttachedAgent> all = new ArrayList<>();
        for (String address : bed.addresses()) {
            ManagedChannel channel = ManagedChannelBuilder.forTarget(address)
                    .usePlaintext()
                    .proxyDetector(_ -> null)
                    .build();
            try {
                all.addAll(StatusServiceGrpc.newBlockingStub(channel)
                        .getStatus(GetStatusRequest.getDefaultInstance())
                        .getAgentsList());
            } finally {
                channel.shutdownNow();
            }
        }
        return all;
    }
}
