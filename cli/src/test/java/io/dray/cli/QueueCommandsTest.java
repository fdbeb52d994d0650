package io.dray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.net.EventLoops;
import io.dray.core.net.Transport;
import io.dray.core.testing.LoopbackServer;
import io.dray.router.v1.AdminServiceGrpc;
import io.dray.router.v1.Limit;
import io.dray.router.v1.ListLimitsRequest;
import io.dray.router.v1.ListLimitsResponse;
import io.dray.router.v1.SetLimitRequest;
import io.dray.router.v1.SetLimitResponse;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueueCommandsTest {
    private static final Limit NIGHTLY = Limit.newBuilder()
            .setQueue("nightly")
            .setMaxRunning(4)
            .setRatePerS(0.5)
            .setBurst(7)
            .setRunning(3)
            .setHeldBack(12)
            .build();

    private final EventLoops loops = EventLoops.start(Transport.auto(), 1, "queue-door");
    private final Router admin = new Router();
    private Server router;

    @BeforeEach
    void start() throws IOException {
        router = LoopbackServer.start(loops, admin);
    }

    @AfterEach
    void stop() {
        router.shutdownNow();
        loops.close();
    }

    private Outcome run(String words) {
        return Outcome.of((words + " --router 127.0.0.1:" + router.getPort()).split(" "));
    }

    private String ask(String words) {
        Outcome outcome = run(words);
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        return outcome.out();
    }

    @Test
    void listShowsEachLimitWithWhatItCounts() {
        assertThat(ask("queue list").lines())
                .satisfiesExactly(
                        heading -> assertThat(heading).startsWith("OF").contains("HELD BACK"),
                        row -> assertThat(row).matches("queue +nightly +3 +4 +0\\.5 +7 +no +12"));
        assertThat(ask("queue list --json"))
                .contains("\"queue\" : \"nightly\"", "\"max_running\" : 4", "\"rate_per_s\" : 0.5")
                .contains("\"held_back\" : 12");
    }

    @Test
    void limitChangesWhatIsGivenAndKeepsTheRest() {
        ask("queue limit nightly --max-running 9 --strict");

        assertThat(admin.set)
                .containsExactly(
                        NIGHTLY.toBuilder().setMaxRunning(9).setStrict(true).build());
        ask("queue limit nightly --no-strict");
        assertThat(admin.set.getLast()).isEqualTo(NIGHTLY);
        ask("queue limit nightly --rate 0");
        assertThat(admin.set.getLast())
                .isEqualTo(NIGHTLY.toBuilder().setRatePerS(0).setBurst(0).build());
    }

    @Test
    void limitTakesANewCapabilityAndClearsAQueue() {
        assertThat(ask("queue limit --capability digest --rate 10 --json")).contains("\"capability\" : \"digest\"");
        ask("queue limit nightly --clear");

        assertThat(admin.set)
                .containsExactly(
                        Limit.newBuilder()
                                .setCapability("digest")
                                .setRatePerS(10)
                                .build(),
                        Limit.newBuilder().setQueue("nightly").build());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "queue limit --max-running 1",
                "queue limit a --capability b --max-running 1",
                "queue limit a",
                "queue limit a --clear --rate 1",
                "queue limit A! --rate 1",
                "queue limit a --max-running -1",
                "queue limit a --max-running many",
                "queue limit a --rate NaN",
                "queue limit a --rate Infinity",
                "queue limit --capability b --strict"
            })
    void badWordsEndWithUsageInOneLine(String words) {
        Outcome outcome = run(words);

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).startsWith("dray: ").contains("expected: ");
        assertThat(outcome.err().lines()).hasSize(1);
        assertThat(admin.set).isEmpty();
    }

    /** Has one limit and keeps what it is told to set. */
    private static final class Router extends AdminServiceGrpc.AdminServiceImplBase {
        private final List<Limit> set = new ArrayList<>();

        @Override
        public void listLimits(ListLimitsRequest request, StreamObserver<ListLimitsResponse> responses) {
            responses.onNext(ListLimitsResponse.newBuilder().addLimits(NIGHTLY).build());
            responses.onCompleted();
        }

        @Override
        public void setLimit(SetLimitRequest request, StreamObserver<SetLimitResponse> responses) {
            set.add(request.getLimit());
            responses.onNext(
                    SetLimitResponse.newBuilder().setLimit(request.getLimit()).build());
            responses.onCompleted();
        }
    }
}
