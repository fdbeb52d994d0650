package io.dray.sidecar.tasks;

import static io.dray.sidecar.tasks.RelayFixture.WORKER;
import static io.dray.sidecar.tasks.RelayFixture.attempt;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.AttemptUpdate;
import io.dray.router.v1.AttemptEvent;
import io.dray.types.v1.Code;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Leases of attempts: what renews them, and what happens without. */
class RelayedLeasesTest {
    @Test
    void aReportThatTheRouterTookRenewsTheLease() {
        try (var mesh = new RelayFixture().up()) {
            mesh.assign("t1", 1);

            mesh.advanceAnswered(30);

            assertThat(mesh.port.told).isEmpty();
            assertThat(mesh.eventTexts()).hasSize(1);
        }
    }

    @Test
    void cancelsWhatItCannotRenewBeforeTheRouterGivesItAway() {
        try (var mesh = new RelayFixture().up()) {
            mesh.assign("t1", 1);
            mesh.advanceAnswered(2);

            // Reports go on, but the router takes none any more.
            mesh.advance(Duration.ofSeconds(4));
            assertThat(mesh.port.told).isEmpty();
            mesh.advance(Duration.ofSeconds(1));

            assertThat(mesh.port.told).containsExactly("cancel t1#1 at " + WORKER);
            AttemptEvent last = mesh.events().getLast();
            assertThat(last.getFailed().getCode()).isEqualTo(Code.CODE_WORKER_LOST);
            assertThat(last.getFailed().getRetryable()).isTrue();
            assertThat(mesh.meters.values()).containsEntry("dray_task_leases_lost_total", 1.0);
        }
    }

    @Test
    void doesNotRenewAnAttemptWhoseWorkerIsSilent() {
        try (var mesh = new RelayFixture().up()) {
            mesh.assign("t1", 1);
            mesh.port.silentNanos.put(WORKER, Duration.ofSeconds(4).toNanos());

            mesh.advanceAnswered(2);
            assertThat(mesh.lastReport().getRunningList()).isEmpty();
            mesh.advanceAnswered(4);

            assertThat(mesh.eventTexts()).last().isEqualTo("2 t1#1 FAILED");
        }
    }

    @Test
    void keepsRunningWhenTheRouterComesBackWithinTheLease() {
        try (var mesh = new RelayFixture().up()) {
            mesh.assign("t1", 1);
            mesh.receipt(1);
            mesh.advanceAnswered(1);

            mesh.restartRouter(Duration.ofSeconds(2));

            assertThat(mesh.router.work().heard().getFirst().getHello().getRunningList())
                    .containsExactly(attempt("t1", 1));
            mesh.advanceAnswered(10);
            assertThat(mesh.port.told).isEmpty();
        }
    }

    @Test
    void realWorkReplacesALostLeaseThatNobodyHeardOf() {
        try (var mesh = new RelayFixture().up()) {
            mesh.assign("t1", 1);
            mesh.receipt(1);
            mesh.router.stop();
            mesh.advance(Duration.ofSeconds(6));
            assertThat(mesh.port.told).containsExactly("cancel t1#1 at " + WORKER);

            mesh.update("t1", 1, AttemptUpdate.newBuilder().setDone(true).setResult(ByteString.copyFromUtf8("42")));
            mesh.router.start();
            mesh.advance(Duration.ofSeconds(3));
            mesh.welcome();

            assertThat(mesh.eventTexts()).containsExactly("2 t1#1 SUCCEEDED");
        }
    }
}
