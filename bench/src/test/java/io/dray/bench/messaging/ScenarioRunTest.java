package io.dray.bench.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dray.bench.ShortFolder;
import io.dray.bench.load.Work;
import io.dray.bench.report.Contender;
import io.dray.bench.report.Row;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Short loads over real processes; counts only. */
@Tag("long")
class ScenarioRunTest {
    private static final Timing SHORT = new Timing(0.3, 0.3, 2);
    private static final Contender LOCAL = new Contender("dray", "local", "uds");
    private static final Contender REMOTE = new Contender("dray", "remote", "tcp");
    private static final Contender GRPC_BIDI = new Contender("grpc-bidi", "local", "uds");

    private final ByteArrayOutputStream progress = new ByteArrayOutputStream();

    @RegisterExtension
    private final ShortFolder folder = new ShortFolder();

    @Test
    void requestsGoOverOneSidecarAndBesidePlainGrpc() throws Exception {
        List<Row> rows = run(Work.closed(100, 4), 2, LOCAL, new Contender("grpc", "local", "tcp"), GRPC_BIDI);

        assertThat(rows).hasSize(3).allSatisfy(ScenarioRunTest::isMeasured);
        Row dray = rows.getFirst();
        assertThat(dray.cost().cpuS()).containsOnlyKeys("sidecar-a", "sink", "source");
        assertThat(dray.cost().rssMb().values()).allMatch(mib -> mib > 10);
        assertThat(dray.cost().loopStalls()).isNotNull();
        assertThat(dray.trail().percentiles()).isNotEmpty();
    }

    @Test
    void plannedMessagesGoOverTwoSidecarsAllOfThem() throws Exception {
        List<Row> rows = run(Work.messages(100, 1_000), 1, REMOTE);

        assertThat(rows).singleElement().satisfies(ScenarioRunTest::isMeasured);
        Row row = rows.getFirst();
        assertThat(row.workload().ratePerS()).isEqualTo(1_000);
        assertThat(row.cost().cpuS()).containsOnlyKeys("router", "sidecar-a", "sidecar-b", "sink", "source");
        assertThat(row.cost().wireBytesPerMessage()).isGreaterThan(100);
    }

    @Test
    void aFloodIsPublishedToAllSubscribersOfBothSystems() throws Exception {
        assumeTrue(!OtherSystems.missing(List.of("nats")).containsKey("nats"), "nats-server is not installed");

        List<Row> rows = run(Work.flood(100, 3), 1, LOCAL, new Contender("nats", "local", "tcp"));

        assertThat(rows).hasSize(2).allSatisfy(row -> {
            assertThat(row.figures().throughputPerS()).isPositive();
            assertThat(row.figures().queueingP50Us()).isPositive();
            assertThat(row.figures().p50Us()).isNull();
        });
    }

    @Test
    void aContenderThatBreaksIsToldAndTheOthersAreMeasured() throws Exception {
        List<Row> rows = run(Work.messages(100, 100), 1, new Contender("grpc", "local", "uds"), GRPC_BIDI);

        assertThat(rows).singleElement().satisfies(ScenarioRunTest::isMeasured);
        assertThat(progress.toString(StandardCharsets.UTF_8)).contains("grpc local uds FAILED under test");
    }

    private List<Row> run(Work work, int agents, Contender... contenders) throws InterruptedException {
        PrintStream out = new PrintStream(progress, true, StandardCharsets.UTF_8);
        Progress told = new Progress(out);
        told.begin("test", "a test", 1, 1);
        Scenario scenario = new Scenario("test", "a test", work, agents, List.of(contenders));
        return new ScenarioRun(scenario, new Beds(List.of("loops=1")), SHORT, folder.path(), told).run();
    }

    private static void isMeasured(Row row) {
        assertThat(row.windows())
                .hasSize(2)
                .allSatisfy(
                        window -> assertThat(window.figures().throughputPerS()).isPositive());
        assertThat(row.figures().failures()).isZero();
        assertThat(row.figures().p50Us()).isPositive();
        assertThat(row.cost().cpuS()).isNotEmpty();
    }
}
