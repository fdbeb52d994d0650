package io.dray.bench.pressure;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.agent.v1.AttachedAgent;
import io.dray.agent.v1.GetStatusRequest;
import io.dray.agent.v1.GetStatusResponse;
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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The pressure suite's promises over real processes, for seconds and in counts only. */
@Tag("long")
class PressureCountsTest {
    private static final int PAIRS = 40;
    private static final int SECONDS = 3;
    /** 60 KB/s for a pair: a pair that is held up is over the limit in 2 s, a machine that halts for 1 s makes none. */
    private static final int RATE_PER_S = 600;

    private static final int PAYLOAD_BYTES = 4_096;
    /** The slow ones press for less than 6 s, or the one that is stopped would be taken for dead. */
    private static final int PAIR_SECONDS = 4;

    /** What does not wait in queues waits on its way: less of it makes queues show sooner. */
    private static final Map<String, String> SMALL_WINDOW = Map.of("DRAY_AGENT_WINDOW", "64KiB");

    private static final String SMALL_LINK_WINDOW = "peers.window=256KiB";
    private static final long QUEUE_LIMIT = 64 * 1024;
    /** Of a link, for half of the pairs: less than where it would hold its senders back. */
    private static final double REPLIES_LIMIT = PAIRS / 2 * QUEUE_LIMIT / 2;
    /** Senders pause at 1 MiB and go on at half of that. */
    private static final double FULL = 256 * 1024;

    private static final double MAILBOX_LIMIT = 4 * 1024 * 1024;
    private static final int NORMAL = 2;
    private static final int VISITORS = 100;

    /** Planned, so that a pair that is held up has ever more to send: closed loops wait and queue nothing. */
    private final Scenario scenario =
            new Scenario("counts", "a short test", Work.requests(PAYLOAD_BYTES, RATE_PER_S), PAIRS, List.of());

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
        startPairs("sink", new Side("dray", bed.socket("a"), true, PAIRS, false));
        startPairs("source", new Side("dray", bed.socket("a"), false, PAIRS, false));

        try (SlowConsumers slow = SlowConsumers.start(bed, "a")) {
            warmUp();
            slow.press();
            awaitFull(PressureCountsTest::slowMailbox);
            Queues queues = pairsUnderLoad(PressureCountsTest::slowMailbox, Set.of());
            assertThat(queues.pair()).isLessThan(QUEUE_LIMIT);
            assertThat(queues.slow()).isGreaterThan(FULL);
            slow.relieve();
        }
        assertThat(bed.meter("dray_refused_total")).isZero();
    }

    @Test
    void fortyPairsOverTwoLinksBesideASlowThirdOneAreRefusedNothingAndQueueLittle() throws Exception {
        bed.startRouter();
        for (String node : List.of("a", "b", "c")) {
            bed.startSidecar(node, SMALL_LINK_WINDOW);
        }
        try (SlowLink slow = SlowLink.start(bed, "d", "a")) {
            bed.readMeters("a", "b", "c", "d");
            int half = PAIRS / 2;
            startPairs("sink", new Side("dray", bed.socket("b"), true, half, false));
            startPairs("sink-c", new Side("dray", bed.socket("c"), true, half, false, half));
            startPairs("source", new Side("dray", bed.socket("a"), false, PAIRS, false));
            warmUp();

            slow.press();
            awaitFull(PressureCountsTest::slowLink);
            // On a the pairs' requests wait beside what waits for the slow link; their replies, as large, do so alone.
            Queues queues = pairsUnderLoad(PressureCountsTest::slowLink, Set.of("b", "c"));
            assertThat(queues.pair()).isLessThan(QUEUE_LIMIT);
            assertThat(queues.replies()).isLessThan(REPLIES_LIMIT);
            assertThat(queues.slow()).isGreaterThan(FULL);
            slow.relieve();
        }
        assertThat(bed.meter("dray_refused_total")).isZero();
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
        return new Counts(
                agents(statuses(), "").count(),
                bed.bed().sidecars().count(),
                bed.meter("dray_address_cache_size"),
                bed.meter("dray_memory_used_bytes"));
    }

    private static void visit(Child visitors) {
        var answer = PressureBed.ask(visitors, "visit " + VISITORS + " 1000000");
        assertThat(answer.get("served").asInt()).isEqualTo(VISITORS);
    }

    /**
     * Bytes that waited while the pairs were under load.
     *
     * @param pair the most for one
     * @param replies the most for a link of replies
     * @param slow what waited for the slow one in the median of the readings
     */
    private record Queues(long pair, double replies, double slow) {}

    /** Puts load on the pairs, none of which fails, and returns what waited meanwhile. */
    private Queues pairsUnderLoad(ToDoubleFunction<List<GetStatusResponse>> slow, Set<String> sinks) {
        CompletableFuture<Result> load = CompletableFuture.supplyAsync(
                () -> bed.bed().run(scenario.work().lasting(PAIR_SECONDS)));
        long pair = 0;
        double replies = 0;
        List<Double> readings = new ArrayList<>();
        while (!load.isDone()) {
            List<GetStatusResponse> nodes = statuses();
            pair = Math.max(pair, agents(nodes, "load-").max().orElse(0));
            replies = Math.max(replies, links(nodes, sinks));
            readings.add(slow.applyAsDouble(nodes));
        }
        assertThat(load.join().operations()).isEqualTo(PAIR_SECONDS * RATE_PER_S);
        assertThat(load.join().failures()).isZero();
        Collections.sort(readings);
        return new Queues(pair, replies, readings.get(readings.size() / 2));
    }

    private void startPairs(String role, Side side) throws Exception {
        bed.bed().setVariables(SMALL_WINDOW);
        var _ = bed.bed().startAgent(role, side);
    }

    /** Cold code sends in bursts. */
    private void warmUp() {
        assertThat(bed.bed().run(scenario.work().lasting(SECONDS)).failures()).isZero();
    }

    private void awaitFull(ToDoubleFunction<List<GetStatusResponse>> slow) {
        Await.until("a full queue", Duration.ofSeconds(30), () -> slow.applyAsDouble(statuses()) > FULL);
    }

    /** The lesser mailbox of the two slow consumers. */
    private static double slowMailbox(List<GetStatusResponse> nodes) {
        return LongStream.concat(agents(nodes, "stopped"), agents(nodes, "crawling"))
                .min()
                .orElseThrow();
    }

    /** What waits on a, for the most part for its slow link. */
    private static double slowLink(List<GetStatusResponse> nodes) {
        return links(nodes, Set.of("a"));
    }

    private static LongStream agents(List<GetStatusResponse> nodes, String prefix) {
        return nodes.stream()
                .flatMap(node -> node.getAgentsList().stream())
                .filter(agent -> agent.getInstance().startsWith(prefix))
                .mapToLong(AttachedAgent::getQueuedBytes);
    }

    /** The most that waits for links on any of these nodes. */
    private static double links(List<GetStatusResponse> nodes, Set<String> names) {
        return nodes.stream()
                .filter(node -> names.contains(node.getNode()))
                .mapToDouble(node -> node.getMetersOrThrow("dray_link_queued_bytes"))
                .max()
                .orElse(0);
    }

    private List<GetStatusResponse> statuses() {
        List<GetStatusResponse> all = new ArrayList<>();
        for (String address : bed.addresses()) {
            ManagedChannel channel = ManagedChannelBuilder.forTarget(address)
                    .usePlaintext()
                    .proxyDetector(_ -> null)
                    .build();
            try {
                all.add(StatusServiceGrpc.newBlockingStub(channel).getStatus(GetStatusRequest.getDefaultInstance()));
            } finally {
                channel.shutdownNow();
            }
        }
        return all;
    }
}
