package io.dray.bench.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dray.bench.ShortFolder;
import io.dray.bench.load.Work;
import io.dray.bench.messaging.OtherSystems;
import io.dray.bench.messaging.Progress;
import io.dray.bench.messaging.Scenario;
import io.dray.bench.messaging.ScenarioRun;
import io.dray.bench.messaging.Timing;
import io.dray.bench.report.Contender;
import io.dray.bench.report.Row;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every contender's processes, under loads that are small and short. */
class TaskBedsTest {
    private static final Timing SHORT = new Timing(0, 0.3, 2);

    private final ByteArrayOutputStream progress = new ByteArrayOutputStream();
    private final Progress told = new Progress(new PrintStream(progress, true, StandardCharsets.UTF_8));

    @RegisterExtension
    private final ShortFolder folder = new ShortFolder();

    @Test
    void tasksGoThroughTheirLifeInAFile() throws Exception {
        List<Row> rows = run(null, Work.closed(256, 32), TaskBeds.SQLITE);

        assertThat(rows).as(this::log).singleElement().satisfies(TaskBedsTest::isMeasured);
        assertThat(rows.getFirst().cost().rssMb()).containsOnlyKeys("router", "sidecar-a", "sink", "source");
    }

    @Test
    void plannedTasksReachTheirHandlerAllOfThem() throws Exception {
        List<Row> rows = run(null, Work.messages(256, 100), TaskBeds.SQLITE);

        assertThat(rows).as(this::log).singleElement().satisfies(TaskBedsTest::isMeasured);
    }

    @Test
    void aRouterThatIsStartedAgainHasAllItsTasks() throws Exception {
        List<Row> rows = new Restart(2_000, 256).run(folder.path().resolve("restart"), SHORT, told);

        assertThat(rows).extracting(row -> row.workload().scenario()).containsExactly("fill-2k", "restart-2k");
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.figures().failures()).isZero();
            assertThat(row.cost().rssMb().get("router")).isGreaterThan(10);
        });
        assertThat(rows.getLast().figures().p50Us()).isPositive();
    }

    @Test
    @Tag("long")
    void submissionsAreMeasuredBesideAWorkQueueOfNats() throws Exception {
        assumeTrue(OtherSystems.missing(List.of("nats")).isEmpty(), "nats-server is not installed");

        List<Row> rows = run(null, Work.requests(256, 500), TaskBeds.SQLITE, TaskBeds.NATS);

        assertThat(rows).as(this::log).hasSize(2).allSatisfy(TaskBedsTest::isMeasured);
    }

    @Test
    @Tag("long")
    void tasksGoThroughTheirLifeInADatabaseBesideItsPeers() throws Exception {
        assumeTrue(OtherSystems.missing(List.of(OtherSystems.POSTGRESQL)).isEmpty(), "PostgreSQL is not installed");

        try (Postgres postgres = Postgres.start(folder.path())) {
            List<Row> rows = run(
                    postgres,
                    Work.closed(256, 64),
                    TaskBeds.POSTGRES,
                    TaskBeds.DB_SCHEDULER,
                    TaskBeds.DB_SCHEDULER_BATCH);

            assertThat(rows).as(this::log).hasSize(3).allSatisfy(row -> {
                isMeasured(row);
                assertThat(row.cost().cpuS().get("postgres")).isPositive();
                assertThat(row.cost().rssMb().get("postgres")).isGreaterThan(10);
            });
        }
    }

    @Test
    @Tag("long")
    void anotherRouterTakesOverAndNothingIsLost() throws Exception {
        assumeTrue(OtherSystems.missing(List.of(OtherSystems.POSTGRESQL)).isEmpty(), "PostgreSQL is not installed");

        try (Postgres postgres = Postgres.start(folder.path())) {
            Takeover takeover = new Takeover(new TaskBeds(postgres, List.of()), 1, 256);

            List<Row> rows = takeover.run(folder.path().resolve("takeover"), told);

            assertThat(rows).singleElement().satisfies(row -> {
                assertThat(row.figures().failures()).isZero();
                assertThat(row.figures().p50Us()).isPositive();
            });
        }
    }

    private List<Row> run(@Nullable Postgres postgres, Work work, Contender... contenders) throws InterruptedException {
        told.begin("test", "a test", 1, 1);
        Scenario scenario = new Scenario("test", "a test", work, 1, List.of(contenders));
        TaskBeds beds = new TaskBeds(postgres, List.of());
        return new ScenarioRun(scenario, beds, SHORT, folder.path().resolve("beds"), told, TasksSuite.NAME).run();
    }

    private String log() {
        return progress.toString(StandardCharsets.UTF_8);
    }

    private static void isMeasured(Row row) {
        assertThat(row.windows())
                .hasSize(2)
                .allSatisfy(
                        window -> assertThat(window.figures().throughputPerS()).isPositive());
        assertThat(row.figures().failures()).isZero();
        assertThat(row.figures().p50Us()).isPositive();
    }
}
