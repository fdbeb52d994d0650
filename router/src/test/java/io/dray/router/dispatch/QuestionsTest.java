package io.dray.router.dispatch;

import static io.dray.router.dispatch.DispatcherHarness.code;
import static io.dray.router.dispatch.DispatcherHarness.done;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.router.fleet.Answer;
import io.dray.router.tasks.AttemptEvent;
import io.dray.router.tasks.AttemptKey;
import io.dray.router.tasks.Outcome;
import io.dray.router.tasks.Question;
import io.dray.router.tasks.StateName;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.types.v1.Code;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class QuestionsTest {
    private static final ByteString MAY_I = ByteString.copyFromUtf8("may I?");
    private static final ByteString YES = ByteString.copyFromUtf8("yes");

    private final MemoryStore store = new MemoryStore();
    private final DispatcherHarness harness = new DispatcherHarness(store).opened();
    private final PlayedNode node = harness.node("n").join("digest", 1);

    private static AttemptEvent.Parked asks(long number, ByteString text) {
        return new AttemptEvent.Parked(number, text);
    }

    private TaskSnapshot parked() {
        TaskSnapshot task = harness.submit("digest");
        node.event(node.newest(), new AttemptEvent.Started());
        node.event(node.newest(), asks(1, MAY_I));
        harness.settle();
        return task;
    }

    private CompletableFuture<Outcome<Optional<TaskSnapshot>>> answer(TaskSnapshot task, ByteString text) {
        var reply = harness.dispatcher().answer(task.id(), "default", text);
        harness.settle();
        return reply;
    }

    private TaskSnapshot stored(TaskSnapshot task) {
        return Objects.requireNonNull(store.tasks().get(task.id()));
    }

    private StateName state(TaskSnapshot task) {
        return harness.find(task).orElseThrow().state().name();
    }

    @Test
    void aParkedTaskIsStoredWithItsQuestionAndGoesOnWithTheAnswer() {
        TaskSnapshot task = parked();
        assertThat(state(task)).isEqualTo(StateName.PARKED);
        assertThat(stored(task).attempts().question().text()).isEqualTo(MAY_I);

        TaskSnapshot answered = done(answer(task, YES)).orElseThrow();

        assertThat(answered.state().name()).isEqualTo(StateName.RUNNING);
        assertThat(node.answers()).containsExactly(new Answer(node.newest(), 1, YES));
        assertThat(stored(task).attempts().question().answer()).isEqualTo(YES);
    }

    @Test
    void aParkedTaskLeavesItsSlotToAnother() {
        TaskSnapshot first = parked();

        TaskSnapshot second = harness.submit("digest");
        assertThat(node.newest().taskId()).isEqualTo(second.id());

        // Both run now, on one slot: nothing more comes until both have ended.
        done(answer(first, YES));
        TaskSnapshot third = harness.submit("digest");
        node.event(new AttemptKey(second.id(), 1), new AttemptEvent.Succeeded(YES));
        harness.settle();
        assertThat(state(third)).isEqualTo(StateName.PENDING);
        node.event(new AttemptKey(first.id(), 1), new AttemptEvent.Succeeded(YES));
        harness.settle();
        assertThat(node.newest().taskId()).isEqualTo(third.id());
    }

    @Test
    void theLeaseOfAParkedAttemptGoesOnAndEnds() {
        TaskSnapshot task = parked();
        for (int i = 0; i < 10; i++) {
            harness.pass(Duration.ofSeconds(1));
            node.report(new AttemptKey(task.id(), 1));
        }
        harness.settle();
        assertThat(state(task)).isEqualTo(StateName.PARKED);

        harness.pass(Duration.ofSeconds(6));

        // An attempt that was lost while it waited for people does not count.
        TaskSnapshot lost = harness.find(task).orElseThrow();
        assertThat(lost.attempts().count()).isLessThanOrEqualTo(1);
        assertThat(lost.attempts().token()).isEqualTo(2);
    }

    @Test
    void theNextAttemptThatAsksTheSameGetsTheAnswerAtOnce() {
        TaskSnapshot task = parked();
        node.leave();
        harness.pass(Duration.ofSeconds(6));
        done(answer(task, YES));

        PlayedNode other = harness.node("o").join("digest", 1);
        harness.pass(Duration.ofSeconds(2));
        AttemptKey second = other.newest();
        other.event(second, asks(1, MAY_I));
        harness.settle();

        assertThat(other.answers()).containsExactly(new Answer(second, 1, YES));
        assertThat(state(task)).isEqualTo(StateName.ASSIGNED);
    }

    @Test
    void anAnswerThatANodeMissedIsSaidAgainWhenItComesBack() {
        TaskSnapshot task = parked();
        AttemptKey attempt = node.newest();
        node.leave();
        harness.settle();
        done(answer(task, YES));
        assertThat(node.answers()).isEmpty();

        PlayedNode again = harness.node("n").join("digest", 1, attempt);
        harness.settle();

        assertThat(again.answers()).containsExactly(new Answer(attempt, 1, YES));
    }

    @Test
    void parksAndAnswersOutliveTheRouter() {
        TaskSnapshot task = parked();
        AttemptKey attempt = node.newest();

        harness.crash();
        PlayedNode again = harness.opened().node("n").join("digest", 1, attempt);
        harness.settle();

        assertThat(state(task)).isEqualTo(StateName.PARKED);
        done(answer(task, YES));
        assertThat(again.answers()).containsExactly(new Answer(attempt, 1, YES));
    }

    @Test
    void aQuestionThatIsSentAgainLateChangesNothing() {
        TaskSnapshot task = parked();
        AttemptKey attempt = node.newest();
        done(answer(task, YES));
        node.event(attempt, asks(2, ByteString.copyFromUtf8("and now?")));
        harness.settle();

        node.event(attempt, asks(1, MAY_I));
        harness.settle();

        Question question = harness.find(task).orElseThrow().attempts().question();
        assertThat(question.number()).isEqualTo(2);
        assertThat(question.isOpen()).isTrue();
        assertThat(state(task)).isEqualTo(StateName.PARKED);
    }

    @Test
    void theSameQuestionTwiceWithinAnAttemptIsAskedTwice() {
        TaskSnapshot task = parked();
        done(answer(task, YES));

        node.event(node.newest(), asks(2, MAY_I));
        harness.settle();

        assertThat(state(task)).isEqualTo(StateName.PARKED);
        assertThat(node.answers()).hasSize(1);
    }

    @Test
    void whatAsksNothingCannotBeAnsweredButTheSameAnswerAgainIsFine() {
        TaskSnapshot running = harness.submit("digest");
        assertThat(code(answer(running, YES))).isEqualTo(Code.CODE_INVALID_REQUEST);

        node.event(node.newest(), asks(1, MAY_I));
        harness.settle();
        done(answer(running, YES));

        assertThat(done(answer(running, YES))).isPresent();
        assertThat(code(answer(running, MAY_I))).isEqualTo(Code.CODE_INVALID_REQUEST);
    }

    @Test
    void aParkedTaskCanBeCancelled() {
        TaskSnapshot task = parked();

        var _ = harness.dispatcher().cancel(task.id(), "default");
        harness.settle();
        assertThat(node.cancels()).containsExactly(node.newest());
        node.event(node.newest(), new AttemptEvent.Cancelled());
        harness.settle();

        assertThat(stored(task).state().name()).isEqualTo(StateName.CANCELLED);
    }
}
