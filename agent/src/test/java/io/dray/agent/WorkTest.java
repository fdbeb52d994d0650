package io.dray.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.Answer;
import io.dray.agent.v1.Assignment;
import io.dray.agent.v1.AttachResponse;
import io.dray.agent.v1.Attempt;
import io.dray.agent.v1.AttemptUpdate;
import io.dray.core.testing.Await;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkTest {
    private static final AgentSpec WORKER = AgentSpec.named("tester").capability("dig");

    private MeshFixture fixture;
    private FakeSidecar sidecar;

    @BeforeEach
    void start() throws IOException {
        fixture = new MeshFixture();
        sidecar = fixture.sidecar;
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void saysStartProgressCheckpointAndResult() {
        var goOn = new CountDownLatch(1);
        fixture.attach(WORKER.onTask((task, context) -> {
            context.progress(150, "half");
            context.checkpoint(new byte[] {1});
            goOn.await();
            return (task.text() + " " + task.attempt()).getBytes(StandardCharsets.UTF_8);
        }));
        assertThat(sidecar.hellos().getFirst().getTaskSlots()).isOne();

        assign("t1", 4);

        awaitUpdate(update -> update.getStarted() && !update.getDone());
        var progress = awaitUpdate(update -> update.getPercent() == 100);
        assertThat(progress.getMessage()).isEqualTo("half");
        // It may be said a moment later.
        var checkpoint = awaitUpdate(update -> !update.getCheckpoint().isEmpty());
        assertThat(checkpoint.getCheckpoint().toByteArray()).containsExactly(1);
        goOn.countDown();
        var done = awaitUpdate(AttemptUpdate::getDone);
        assertThat(done.getTaskId()).isEqualTo("t1");
        assertThat(done.getToken()).isEqualTo(4);
        assertThat(done.getResult().toStringUtf8()).isEqualTo("work 2");
        assertThat(done.hasError()).isFalse();
    }

    @Test
    void tellsWhyAnAttemptFailedAndThatItMayBeTriedAgain() {
        fixture.attach(WORKER.onTask((_, _) -> {
            throw new IOException("disk gone");
        }));

        assign("t1", 1);

        var error = awaitUpdate(AttemptUpdate::getDone).getError();
        assertThat(error.getCode()).isEqualTo(Code.CODE_HANDLER_FAILED);
        assertThat(error.getRetryable()).isTrue();
        assertThat(error.getValue()).contains("disk gone");
    }

    @Test
    void takesTheOutcomeOfACallOfTheHandlerForAReasonToTryAgain() {
        fixture.attach(WORKER.onTask((_, _) -> {
            throw new MeshException(Errors.expired("before the reply came."));
        }));

        assign("t1", 1);

        var error = awaitUpdate(AttemptUpdate::getDone).getError();
        assertThat(error.getCode()).isEqualTo(Code.CODE_HANDLER_FAILED);
        assertThat(error.getRetryable()).isTrue();
        assertThat(error.getMessage()).contains("EXPIRED");
        assertThat(error.getValue()).contains("EXPIRED", "before the reply came");
    }

    @Test
    void endsATaskForGoodWhenItsHandlerSaysSo() {
        fixture.attach(WORKER.onTask((task, _) -> {
            throw new TaskFailure("No such document; submit a file that exists.", task.text());
        }));

        assign("t1", 1);

        var error = awaitUpdate(AttemptUpdate::getDone).getError();
        assertThat(error.getCode()).isEqualTo(Code.CODE_INVALID_REQUEST);
        assertThat(error.getRetryable()).isFalse();
        assertThat(error.getMessage()).startsWith("No such document");
        assertThat(error.getValue()).isEqualTo("work");
    }

    @Test
    void interruptsACancelledAttemptAndConfirms() {
        var started = new CountDownLatch(1);
        fixture.attach(WORKER.onTask((_, context) -> {
            started.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException _) {
                assertThat(context.isCancelled()).isTrue();
            }
            return new byte[0];
        }));
        assign("t1", 1);
        Await.until("started", () -> started.getCount() == 0);

        sidecar.send(AttachResponse.newBuilder().addCancels(attempt("t1", 1)));

        assertThat(awaitUpdate(AttemptUpdate::getDone).getError().getCode()).isEqualTo(Code.CODE_CANCELLED);
    }

    @Test
    void aParkedHandlerWaitsForItsAnswerAndLeavesItsSlot() {
        AgentSpec worker = WORKER.onTask((_, context) -> context.park("may I?").getBytes(UTF_8));
        fixture.attach(worker);
        int slots = worker.slots();
        assertThat(slots).isPositive();
        for (int i = 1; i <= slots; i++) {
            assign("t" + i, 1);
            String task = "t" + i;
            var asked = awaitUpdate(update -> update.getTaskId().equals(task) && update.getQuestionNumber() == 1);
            assertThat(asked.getQuestion().toStringUtf8()).isEqualTo("may I?");
        }

        assign("another", 1);
        var _ = awaitUpdate(update -> update.getTaskId().equals("another") && update.getQuestionNumber() == 1);
        sidecar.send(answer("t1", 2, "to a question that was not asked"));
        sidecar.send(answer("t1", 1, "yes"));

        var done = awaitUpdate(update -> update.getTaskId().equals("t1") && update.getDone());
        assertThat(done.getResult().toStringUtf8()).isEqualTo("yes");
        assertThat(done.getQuestionNumber()).isZero();
    }

    @Test
    void aCancelledAttemptStopsAsking() {
        fixture.attach(WORKER.onTask((_, context) -> context.park("may I?").getBytes(UTF_8)));
        assign("t1", 1);
        var _ = awaitUpdate(update -> update.getQuestionNumber() == 1);

        sidecar.send(AttachResponse.newBuilder().addCancels(attempt("t1", 1)));

        assertThat(awaitUpdate(AttemptUpdate::getDone).getError().getCode()).isEqualTo(Code.CODE_CANCELLED);
    }

    @Test
    void confirmsTheCancellationOfWhatItDoesNotRun() {
        fixture.attach(WORKER.onTask((_, _) -> new byte[0]));

        sidecar.send(AttachResponse.newBuilder().addCancels(attempt("other", 9)));

        var update = awaitUpdate(AttemptUpdate::getDone);
        assertThat(update.getTaskId()).isEqualTo("other");
        assertThat(update.getError().getCode()).isEqualTo(Code.CODE_CANCELLED);
    }

    @Test
    void refusesMoreThanItHasSlotsFor() {
        var release = new CountDownLatch(1);
        fixture.attach(WORKER.onTask((_, _) -> {
            release.await();
            return new byte[0];
        }));

        assign("t1", 1);
        assign("t2", 2);

        var refused = awaitUpdate(AttemptUpdate::getDone);
        assertThat(refused.getTaskId()).isEqualTo("t2");
        assertThat(refused.getError().getCode()).isEqualTo(Code.CODE_NO_ROOM);
        release.countDown();
    }

    @Test
    void repeatsAnOutcomeInEachHelloUntilItIsFinished() {
        fixture.attach(WORKER.onTask((_, _) -> new byte[] {7}));
        assign("t1", 1);
        awaitUpdate(AttemptUpdate::getDone);

        sidecar.breakStream();

        var running = sidecar.awaitHello(2).getRunningList();
        assertThat(running).singleElement().satisfies(update -> {
            assertThat(update.getDone()).isTrue();
            assertThat(update.getResult()).isEqualTo(ByteString.copyFrom(new byte[] {7}));
        });
        sidecar.send(AttachResponse.newBuilder().addFinished(attempt("t1", 1)));
        fixture.barrier();
        sidecar.breakStream();
        assertThat(sidecar.awaitHello(3).getRunningList()).isEmpty();
    }

    @Test
    void tellsLargeOutcomesAfterTheHello() {
        fixture.attach(WORKER.taskSlots(2).onTask((_, _) -> new byte[400_000]));
        assign("t1", 1);
        assign("t2", 2);
        Await.until("both done", () -> done().size() == 2);

        sidecar.breakStream();

        var hello = sidecar.awaitHello(2);
        assertThat(hello.getSerializedSize()).isLessThan(1 << 20);
        assertThat(hello.getRunningList()).extracting(AttemptUpdate::getDone).containsExactly(true, false);
        Await.until("the other one again", () -> done().size() == 3);
        assertThat(done().getLast().getTaskId()).isEqualTo("t2");
    }

    @Test
    void cancelsWhatNobodyCouldRenewWhileItWasAway() {
        var started = new CountDownLatch(1);
        var cancelled = new CountDownLatch(1);
        fixture.attach(WORKER.onTask((_, context) -> {
            started.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException _) {
                cancelled.countDown();
            }
            return new byte[0];
        }));
        assign("t1", 1);
        Await.until("started", () -> started.getCount() == 0);
        sidecar.refuse(MeshError.of(Code.CODE_DRAINING, "away"));
        sidecar.breakStream();
        Await.until("away", () -> sidecar.hellos().size() >= 2);
        assertThat(cancelled.getCount()).isOne();

        fixture.advance(Duration.ofSeconds(6));

        Await.until("cancelled", () -> cancelled.getCount() == 0);
        sidecar.refuse(null);
        Await.until(
                "attached again",
                () -> sidecar.hellos().getLast().getRunningList().stream()
                        .anyMatch(update -> update.getError().getCode() == Code.CODE_WORKER_LOST));
    }

    @Test
    void takesAnAssignmentThatIsRepeatedForTheSame() {
        var runs = new AtomicInteger();
        fixture.attach(WORKER.taskSlots(4).onTask((_, _) -> {
            runs.incrementAndGet();
            return new byte[0];
        }));

        assign("t1", 1);
        assign("t1", 1);
        assign("t2", 1);

        Await.until(
                "t2 done",
                () -> done().stream().anyMatch(update -> update.getTaskId().equals("t2")));
        Await.until(
                "t1 done",
                () -> done().stream().anyMatch(update -> update.getTaskId().equals("t1")));
        assertThat(runs).hasValue(2);
    }

    @Test
    void onlyTheAttemptOfATaskWithTheLargestTokenRunsOn() {
        fixture.attach(WORKER.taskSlots(3).onTask((_, _) -> {
            new CountDownLatch(1).await();
            return new byte[0];
        }));
        assign("t1", 3);
        var _ = awaitUpdate(AttemptUpdate::getStarted);

        assign("t1", 5);
        assign("t1", 4);

        Await.until("both older ones done", () -> done().size() == 2);
        assertThat(done())
                .allSatisfy(update -> assertThat(update.getError().getCode()).isEqualTo(Code.CODE_FENCED))
                .extracting(AttemptUpdate::getToken)
                .containsExactlyInAnyOrder(3L, 4L);
    }

    @Test
    void anAssignmentWhoseLeaseIsOverIsNotStartedWhenItIsCancelledBehindIt() {
        var started = new AtomicInteger();
        fixture.attach(WORKER.taskSlots(2).onTask((_, _) -> {
            started.incrementAndGet();
            return new byte[0];
        }));

        assign("old", 1, -3_000_000);
        assign("late", 1, -3_000_000);
        sidecar.send(AttachResponse.newBuilder().addCancels(attempt("old", 1)));

        Await.until("both done", () -> done().size() == 2);
        assertThat(done())
                .extracting(
                        update -> update.getTaskId() + " " + update.getError().getCode())
                .containsExactlyInAnyOrder("old CODE_CANCELLED", "late CODE_UNSPECIFIED");
        assertThat(started).hasValue(1);
    }

    private void assign(String task, long token) {
        assign(task, token, 5_000_000);
    }

    private void assign(String task, long token, long leaseMicros) {
        sidecar.send(AttachResponse.newBuilder()
                .addAssignments(Assignment.newBuilder()
                        .setAttempt(attempt(task, token))
                        .setAttemptNumber(2)
                        .setCapability("dig")
                        .setLeaseUntilUnixMicros(fixture.loop.unixMicros() + leaseMicros)
                        .setPayload(ByteString.copyFromUtf8("work"))));
    }

    private static AttachResponse.Builder answer(String task, long number, String text) {
        return AttachResponse.newBuilder()
                .addAnswers(Answer.newBuilder()
                        .setAttempt(attempt(task, 1))
                        .setNumber(number)
                        .setAnswer(ByteString.copyFromUtf8(text)));
    }

    private AttemptUpdate awaitUpdate(Predicate<AttemptUpdate> wanted) {
        Await.until("an update", () -> find(wanted).isPresent());
        return find(wanted).orElseThrow();
    }

    private Optional<AttemptUpdate> find(Predicate<AttemptUpdate> wanted) {
        return updates().stream().filter(wanted).findFirst();
    }

    private List<AttemptUpdate> done() {
        return updates().stream().filter(AttemptUpdate::getDone).toList();
    }

    private List<AttemptUpdate> updates() {
        return sidecar.frames().stream()
                .flatMap(frame -> frame.getAttemptsList().stream())
                .toList();
    }

    private static Attempt attempt(String task, long token) {
        return Attempt.newBuilder().setTaskId(task).setToken(token).build();
    }
}
