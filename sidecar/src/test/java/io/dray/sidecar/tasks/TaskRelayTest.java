package io.dray.sidecar.tasks;

import static io.dray.sidecar.tasks.RelayFixture.WORKER;
import static io.dray.sidecar.tasks.RelayFixture.attempt;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.AttemptUpdate;
import io.dray.core.wire.MeshError;
import io.dray.router.v1.Answer;
import io.dray.router.v1.NodeHello;
import io.dray.router.v1.WorkRequest;
import io.dray.router.v1.WorkResponse;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskRelayTest {
    private static final Error FENCED = MeshError.of(Code.CODE_FENCED, "Another attempt holds it.");

    @Test
    void whatAWorkerSaysOfAnAttemptIsCutShort() {
        try (var relay = new RelayFixture().up()) {
            relay.assign("t", 1);
            relay.update("t", 1, AttemptUpdate.newBuilder().setPercent(5).setMessage("m".repeat(1_000_000)));
            relay.update(
                    "t",
                    1,
                    AttemptUpdate.newBuilder()
                            .setDone(true)
                            .setError(MeshError.of(Code.CODE_HANDLER_FAILED, "").toBuilder()
                                    .setMessage("e".repeat(1_000_000))));

            assertThat(relay.events()).allMatch(event -> event.getSerializedSize() < 4 * 1024);
            assertThat(relay.events())
                    .anyMatch(event -> event.getProgress().getMessage().startsWith("mmm"))
                    .anyMatch(event -> event.getFailed().getMessage().startsWith("eee"));
        }
    }

    @Test
    void introducesTheNodeWithSlotsAndFigures() {
        try (var mesh = new RelayFixture().up()) {
            NodeHello hello = mesh.router.work().heard().getFirst().getHello();

            assertThat(hello.getNode()).isEqualTo("here");
            assertThat(hello.getIncarnation()).isEqualTo(1_000);
            assertThat(hello.getLabelsMap()).containsEntry("zone", "a");
            assertThat(hello.getSlotsList()).singleElement().satisfies(slots -> {
                assertThat(slots.getInstance()).isEqualTo(WORKER);
                assertThat(slots.getCapabilitiesList()).containsExactly("digest");
                assertThat(slots.getFree()).isEqualTo(2);
            });
            assertThat(hello.getReport().getNumber()).isEqualTo(1);
            assertThat(hello.getReport().getTotalMemoryBytes()).isPositive();
            assertThat(hello.getReport().getQueuedBytes()).isEqualTo(500);
        }
    }

    @Test
    void reportsAtTheRouterRhythmWhatRuns() {
        try (var mesh = new RelayFixture().up()) {
            mesh.assign("t1", 1);

            mesh.advanceAnswered(3);

            assertThat(mesh.router.work().heard().stream().filter(WorkRequest::hasReport))
                    .hasSize(3);
            assertThat(mesh.lastReport().getReport().getNumber()).isEqualTo(4);
            assertThat(mesh.lastReport().getRunningList()).containsExactly(attempt("t1", 1));
            assertThat(mesh.lastReport().getReport().getAssignmentsCountedThrough())
                    .isEqualTo(1);
        }
    }

    @Test
    void countsAnAssignmentOnlyInAReportMeasuredWhollyAfterIt() {
        try (var mesh = new RelayFixture().up()) {
            mesh.assign("t1", 1);

            mesh.advanceAnswered(1);
            assertThat(mesh.lastReport().getReport().getAssignmentsCountedThrough())
                    .isZero();
            mesh.advanceAnswered(1);

            assertThat(mesh.lastReport().getReport().getAssignmentsCountedThrough())
                    .isEqualTo(1);
        }
    }

    @Test
    void passesAnAssignmentOnAndItsOutcomeBack() {
        try (var mesh = new RelayFixture().up()) {
            mesh.assign("t1", 1);
            mesh.update("t1", 1, AttemptUpdate.newBuilder().setStarted(true));
            mesh.update("t1", 1, AttemptUpdate.newBuilder().setDone(true).setResult(ByteString.copyFromUtf8("42")));

            assertThat(mesh.port.assigned).singleElement().satisfies(assignment -> {
                assertThat(assignment.getAttempt().getTaskId()).isEqualTo("t1");
                assertThat(assignment.getCapability()).isEqualTo("digest");
            });
            assertThat(mesh.eventTexts()).containsExactly("1 t1#1 ACCEPTED", "2 t1#1 STARTED", "3 t1#1 SUCCEEDED");
            assertThat(mesh.events().getLast().getSucceeded().toStringUtf8()).isEqualTo("42");
            assertThat(mesh.port.told).isEmpty();
            mesh.receipt(3);
            assertThat(mesh.port.told).containsExactly("finished t1#1 at " + WORKER);
        }
    }

    @Test
    void anAssignmentFromBeforeAStandstillIsNotGivenToAWorkerWhenTheRouterTookItBack() {
        try (var mesh = new RelayFixture().up()) {
            mesh.standStill(Duration.ofSeconds(8));

            mesh.assign("old", 1);
            mesh.assign("valid", 1);
            mesh.say(WorkResponse.newBuilder().addCancels(attempt("old", 1)));
            assertThat(mesh.port.assigned).isEmpty();
            mesh.takeReports();

            assertThat(mesh.port.assigned)
                    .extracting(assignment -> assignment.getAttempt().getTaskId())
                    .containsExactly("valid");
            assertThat(mesh.eventTexts()).containsExactly("1 old#1 CANCELLED", "2 valid#1 ACCEPTED");
            mesh.assign("new", 1);
            assertThat(mesh.port.assigned).hasSize(2);
        }
    }

    @Test
    void whatWaitedAfterAStandstillEndsWithItsStream() {
        try (var mesh = new RelayFixture().up()) {
            mesh.standStill(Duration.ofSeconds(8));
            mesh.assign("old", 1);

            mesh.restartRouter(Duration.ofMillis(500));
            mesh.takeReports();

            assertThat(mesh.port.assigned).isEmpty();
            mesh.assign("new", 1);
            assertThat(mesh.port.assigned).hasSize(1);
        }
    }

    @Test
    void sendsEventsAgainWithTheirNumbersUntilAReceiptNamesThem() {
        try (var mesh = new RelayFixture().up()) {
            mesh.assign("t1", 1);
            mesh.receipt(1);
            mesh.update("t1", 1, AttemptUpdate.newBuilder().setStarted(true));
            mesh.update("t1", 1, AttemptUpdate.newBuilder().setDone(true));

            mesh.restartRouter(Duration.ofMillis(500));

            assertThat(mesh.eventTexts()).containsExactly("2 t1#1 STARTED", "3 t1#1 SUCCEEDED");
            mesh.receipt(2);
            mesh.receipt(3);
            mesh.restartRouter(Duration.ofMillis(500));
            assertThat(mesh.eventTexts()).isEmpty();
        }
    }

    @Test
    void numbersOnlyProgressThatCarriesACheckpoint() {
        try (var mesh = new RelayFixture().up()) {
            mesh.assign("t1", 1);
            mesh.relay.workerUpdate(WORKER, progress(10).build());
            mesh.relay.workerUpdate(WORKER, progress(20).build());
            mesh.loop.runReady();
            mesh.update("t1", 1, progress(30).setCheckpoint(ByteString.copyFromUtf8("c")));

            assertThat(mesh.eventTexts()).containsExactly("1 t1#1 ACCEPTED", "0 t1#1 PROGRESS", "2 t1#1 PROGRESS");
            assertThat(mesh.events().get(1).getProgress().getPercent()).isEqualTo(20);
        }
    }

    @Test
    void rejectsWhatNoWorkerHereCanTakeWithAFreshReport() {
        try (var mesh = new RelayFixture().up()) {
            mesh.assign("t1", 1, "nobody/1@here", 0);

            WorkRequest frame = mesh.router.work().last();
            assertThat(frame.getEvents(0).getRejected().getCode()).isEqualTo(Code.CODE_NO_ROOM);
            assertThat(frame.getEvents(0).getRejected().getValue()).isEqualTo("nobody/1@here");
            assertThat(frame.getReport().getNumber()).isEqualTo(2);
            assertThat(frame.getSlotsComplete()).isTrue();
            assertThat(mesh.port.assigned).isEmpty();
        }
    }

    @Test
    void rejectsWhatIsOverItsSlots() {
        try (var mesh = new RelayFixture().up()) {
            mesh.assign("t1", 1);
            mesh.assign("t2", 1);
            mesh.assign("t3", 1);

            assertThat(mesh.port.assigned).hasSize(2);
            assertThat(mesh.events().getLast().getRejected().getCode()).isEqualTo(Code.CODE_NO_ROOM);
            assertThat(mesh.router.work().last().getSlots(0).getFree()).isZero();
        }
    }

    @Test
    void rejectsWhatNeedsMoreMemoryThanTheHostHas() {
        try (var mesh = new RelayFixture().up()) {
            mesh.assign("t1", 1, WORKER, Long.MAX_VALUE / 2);

            assertThat(mesh.events().getLast().getRejected().getCode()).isEqualTo(Code.CODE_NO_ROOM);
            assertThat(mesh.events().getLast().getRejected().getExpected()).startsWith("at most ");
        }
    }

    @Test
    void rejectsEverythingWhileItDrains() {
        try (var mesh = new RelayFixture().up()) {
            mesh.relay.drain();
            mesh.assign("t1", 1);

            assertThat(mesh.events().getLast().getRejected().getCode()).isEqualTo(Code.CODE_DRAINING);
            assertThat(mesh.router.work().last().getSlotsComplete()).isTrue();
            assertThat(mesh.router.work().last().getSlotsList()).isEmpty();
        }
    }

    @Test
    void givesNothingNewToAWorkerThatLeaves() {
        try (var mesh = new RelayFixture().up()) {
            mesh.relay.workerLeaving(WORKER);
            mesh.assign("t1", 1);

            assertThat(mesh.events().getLast().getRejected().getCode()).isEqualTo(Code.CODE_NO_ROOM);
            assertThat(mesh.router.work().last().getSlotsList()).isEmpty();
        }
    }

    @Test
    void acceptsAgainWhatTheRouterAssignsAgain() {
        try (var mesh = new RelayFixture().up()) {
            mesh.assign("t1", 1);
            mesh.assign("t1", 1);

            assertThat(mesh.port.assigned).hasSize(1);
            assertThat(mesh.eventTexts()).containsExactly("1 t1#1 ACCEPTED", "2 t1#1 ACCEPTED");
        }
    }

    @Test
    void aNewerTokenEndsTheOlderAttempt() {
        try (var mesh = new RelayFixture().up()) {
            mesh.assign("t1", 1);
            mesh.assign("t1", 2);

            assertThat(mesh.port.told).containsExactly("cancel t1#1 at " + WORKER);
            assertThat(mesh.port.assigned).hasSize(2);
            mesh.update("t1", 1, cancelled());
            mesh.advanceAnswered(1);
            assertThat(mesh.port.told).contains("finished t1#1 at " + WORKER);
            assertThat(mesh.lastReport().getRunningList()).containsExactly(attempt("t1", 2));
        }
    }

    @Test
    void passesCancelsOnAndSaysWhenItIsDone() {
        try (var mesh = new RelayFixture().up()) {
            mesh.assign("t1", 1);
            mesh.say(WorkResponse.newBuilder().addCancels(attempt("t1", 1)));
            assertThat(mesh.port.told).containsExactly("cancel t1#1 at " + WORKER);

            mesh.update("t1", 1, cancelled());

            assertThat(mesh.eventTexts()).containsExactly("1 t1#1 ACCEPTED", "2 t1#1 CANCELLED");
        }
    }

    @Test
    void aParkedAttemptLeavesItsSlotAndGetsItsAnswerAlsoLater() {
        try (var mesh = new RelayFixture().up()) {
            mesh.assign("t1", 1);
            int free = mesh.lastSlots().getFree();
            var asks = AttemptUpdate.newBuilder().setQuestionNumber(1).setQuestion(ByteString.copyFromUtf8("may I?"));
            mesh.update("t1", 1, asks);

            assertThat(mesh.eventTexts()).containsExactly("1 t1#1 ACCEPTED", "2 t1#1 PARKED");
            assertThat(mesh.lastSlots().getFree()).isEqualTo(free + 1);

            mesh.say(WorkResponse.newBuilder()
                    .addAnswers(Answer.newBuilder()
                            .setAttempt(attempt("t1", 1))
                            .setNumber(1)
                            .setAnswer(ByteString.copyFromUtf8("yes"))));
            String told = "answer 1 yes t1#1 at " + WORKER;
            assertThat(mesh.port.told).containsExactly(told);

            // A worker that came back and still asks did not hear it.
            mesh.update("t1", 1, asks);
            assertThat(mesh.port.told).containsExactly(told, told);
            mesh.update("t1", 1, AttemptUpdate.newBuilder());
            assertThat(mesh.lastSlots().getFree()).isEqualTo(free);
            assertThat(mesh.eventTexts()).hasSize(2);
        }
    }

    @Test
    void saysThatAnUnknownAttemptIsCancelled() {
        try (var mesh = new RelayFixture().up()) {
            mesh.say(WorkResponse.newBuilder().addCancels(attempt("t9", 4)));

            assertThat(mesh.eventTexts()).containsExactly("1 t9#4 CANCELLED");
        }
    }

    @Test
    void stopsAnAttemptThatTheRouterFenced() {
        try (var mesh = new RelayFixture().up()) {
            mesh.assign("t1", 1);

            mesh.fence(1, FENCED);
            mesh.advanceAnswered(1);

            assertThat(mesh.port.told).containsExactly("cancel t1#1 at " + WORKER);
            assertThat(mesh.lastReport().getRunningList()).isEmpty();
            mesh.update("t1", 1, cancelled());
            assertThat(mesh.port.told).hasSize(2).last().isEqualTo("finished t1#1 at " + WORKER);
            assertThat(mesh.eventTexts()).hasSize(1);
        }
    }

    @Test
    void waitsAMomentForAWorkerThatVanished() {
        try (var mesh = new RelayFixture().up()) {
            mesh.assign("t1", 1);

            mesh.detach(false);
            assertThat(mesh.router.work().last().getSlotsList()).isEmpty();
            mesh.advance(Duration.ofMillis(1_900));
            assertThat(mesh.eventTexts()).hasSize(1);
            mesh.advance(Duration.ofMillis(200));

            assertThat(mesh.events().getLast().getFailed().getCode()).isEqualTo(Code.CODE_WORKER_LOST);
        }
    }

    @Test
    void failsAtOnceWhatAWorkerLeftBehindWithGoodbye() {
        try (var mesh = new RelayFixture().up()) {
            mesh.assign("t1", 1);

            mesh.detach(true);

            assertThat(mesh.events().getLast().getFailed().getCode()).isEqualTo(Code.CODE_WORKER_LOST);
        }
    }

    @Test
    void goesOnWithAWorkerThatComesBackWithItsAttempts() {
        try (var mesh = new RelayFixture().up()) {
            mesh.assign("t1", 1);
            mesh.assign("t2", 1);

            mesh.detach(false);
            mesh.advance(Duration.ofMillis(500));
            mesh.attach(List.of(AttemptUpdate.newBuilder()
                    .setTaskId("t1")
                    .setToken(1)
                    .setStarted(true)
                    .build()));
            mesh.advanceAnswered(5);

            assertThat(mesh.eventTexts())
                    .containsExactly("1 t1#1 ACCEPTED", "2 t2#1 ACCEPTED", "3 t2#1 FAILED", "4 t1#1 STARTED");
            assertThat(mesh.lastReport().getRunningList()).containsExactly(attempt("t1", 1));
        }
    }

    @Test
    void takesOverWhatAWorkerBroughtFromAnEarlierSidecar() {
        try (var mesh = new RelayFixture()) {
            mesh.up();
            mesh.attach(List.of(
                    AttemptUpdate.newBuilder()
                            .setTaskId("t1")
                            .setToken(3)
                            .setStarted(true)
                            .build(),
                    AttemptUpdate.newBuilder()
                            .setTaskId("t2")
                            .setToken(1)
                            .setDone(true)
                            .build()));

            mesh.advanceAnswered(1);

            assertThat(mesh.eventTexts()).containsExactly("1 t1#3 STARTED", "2 t2#1 SUCCEEDED");
            assertThat(mesh.lastReport().getRunningList()).containsExactly(attempt("t1", 3));
            mesh.fence(2, FENCED);
            assertThat(mesh.port.told).containsExactly("finished t2#1 at " + WORKER);
        }
    }

    @Test
    void knowsTheNewerAttemptAlsoByTheLargestToken() {
        try (var mesh = new RelayFixture().up()) {
            mesh.assign("t1", -1);
            mesh.assign("t1", 1);

            assertThat(mesh.events().getLast().getRejected())
                    .extracting(Error::getCode, Error::getValue, Error::getExpected)
                    .containsExactly(Code.CODE_FENCED, "1", "token >= 18446744073709551615");
        }
    }

    @Test
    void letsNoOtherAgentSpeakForAnAttempt() {
        try (var mesh = new RelayFixture().up()) {
            mesh.assign("t1", 1);

            mesh.relay.workerUpdate(
                    "thief/1@here",
                    AttemptUpdate.newBuilder()
                            .setTaskId("t1")
                            .setToken(1)
                            .setDone(true)
                            .build());
            mesh.advanceAnswered(1);

            assertThat(mesh.eventTexts()).containsExactly("1 t1#1 ACCEPTED");
            assertThat(mesh.lastReport().getRunningList()).containsExactly(attempt("t1", 1));
        }
    }

    @Test
    void holdsABoundedNumberOfClaims() {
        try (var mesh = new RelayFixture().up()) {
            mesh.router.stop();
            for (int i = 0; i < 10_500; i++) {
                mesh.relay.workerUpdate(
                        WORKER,
                        AttemptUpdate.newBuilder()
                                .setTaskId("claim" + i)
                                .setToken(1)
                                .setDone(true)
                                .build());
            }
            mesh.loop.runReady();

            assertThat(mesh.meters.values())
                    .containsEntry("dray_task_attempts", 10_000.0)
                    .containsEntry("dray_task_events_kept", 10_000.0);
        }
    }

    @Test
    void aSlowStreamEndKeepsNoTaskOfALaterAttachment() {
        try (var mesh = new RelayFixture().up()) {
            mesh.detach(false);
            mesh.attach(List.of());
            mesh.assign("t1", 1);

            mesh.advanceAnswered(4);

            assertThat(mesh.eventTexts()).containsExactly("1 t1#1 ACCEPTED");
            assertThat(mesh.lastReport().getRunningList()).containsExactly(attempt("t1", 1));
        }
    }

    private static AttemptUpdate.Builder progress(int percent) {
        return AttemptUpdate.newBuilder().setTaskId("t1").setToken(1).setPercent(percent);
    }

    private static AttemptUpdate.Builder cancelled() {
        return AttemptUpdate.newBuilder()
                .setDone(true)
                .setError(MeshError.of(Code.CODE_CANCELLED, "Somebody cancelled it."));
    }
}
