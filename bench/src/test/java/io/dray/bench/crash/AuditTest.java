package io.dray.bench.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.bench.crash.Entry.Event;
import io.dray.bench.report.Verdict;
import io.dray.router.v1.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Plants each fault that the harness must see, and checks that good ledgers pass. */
class AuditTest {
    @Test
    void aMessageThatWasHandledOnceIsFine() {
        Verdict verdict = message(List.of(
                entry(1, Event.SENDING, "m1-1", ""),
                entry(2, Event.STARTED, "m1-1", ""),
                entry(3, Event.FINISHED, "m1-1", ""),
                entry(4, Event.SETTLED, "m1-1", ""),
                entry(5, Event.CLOSED, "m1-", "")));

        assertThat(verdict).isEqualTo(new Verdict("messages", 1, 1, 1, 0, 0, 0, 0, 0, 0, List.of()));
    }

    @Test
    void aMessageThatIsDoneForTheSenderAloneIsLost() {
        Verdict verdict = message(List.of(entry(1, Event.SENDING, "m1-1", ""), entry(4, Event.SETTLED, "m1-1", "")));

        assertThat(verdict.lost()).isOne();
        assertThat(verdict.examples()).containsExactly("m1-1 lost");
    }

    @Test
    void aMessageThatALivingSenderStillHoldsIsLost() {
        Verdict verdict = message(List.of(entry(1, Event.SENDING, "m1-1", ""), entry(5, Event.CLOSED, "m1-", "")));

        assertThat(verdict.lost()).isOne();
        assertThat(verdict.unsettled()).isOne();
    }

    @Test
    void aMessageThatDiedWithItsSenderIsNotLost() {
        Verdict verdict = message(List.of(entry(1, Event.SENDING, "m1-1", "")));

        assertThat(verdict.lost()).isZero();
        assertThat(verdict.sent()).isOne();
    }

    @Test
    void aSecondRunIsRedeliveredBeforeAndDuplicatedAfterTheOutcome() {
        Verdict verdict = message(List.of(
                entry(2, Event.STARTED, "m1-1", ""),
                entry(3, Event.STARTED, "m1-1", ""),
                entry(4, Event.FINISHED, "m1-1", ""),
                entry(5, Event.SETTLED, "m1-1", ""),
                entry(6, Event.STARTED, "m1-1", "")));

        assertThat(verdict.redelivered()).isOne();
        assertThat(verdict.duplicated()).isOne();
    }

    @Test
    void anAcknowledgedTaskThatTheRouterForgotIsLost() {
        List<Entry> entries = finishedTask("t1-1", "task-a");

        assertThat(task(entries, Map.of()).lost()).isOne();
        assertThat(task(entries, Map.of("task-a", succeededAt(50))).lost()).isZero();
    }

    @Test
    void anAcknowledgedTaskThatNoWorkerFinishedIsLost() {
        List<Entry> entries = List.of(entry(1, Event.ACKNOWLEDGED, "t1-1", "task-a"));

        assertThat(task(entries, Map.of("task-a", succeededAt(50))).lost()).isOne();
    }

    @Test
    void aRunAfterTheRouterStoredTheOutcomeIsADuplicate() {
        List<Entry> entries = new ArrayList<>(finishedTask("t1-1", "task-a"));
        entries.add(entry(60, Event.STARTED, "t1-1", "8"));

        Verdict verdict = task(entries, Map.of("task-a", succeededAt(50)));

        assertThat(verdict.duplicated()).isOne();
        assertThat(verdict.late()).isZero();
        assertThat(verdict.redelivered()).isZero();
        assertThat(verdict.examples()).containsExactly("t1-1 [task-a] duplicated");
    }

    @Test
    void aRunOfTheAcceptedAttemptAfterItsOutcomeIsADuplicateToo() {
        List<Entry> entries = new ArrayList<>(finishedTask("t1-1", "task-a"));
        entries.add(entry(60, Event.STARTED, "t1-1", "7"));

        assertThat(task(entries, Map.of("task-a", succeededAt(50))).duplicated())
                .isOne();
    }

    @Test
    void anOlderAttemptThatGoesOnAfterTheOutcomeOfANewerOneIsLate() {
        List<Entry> entries = new ArrayList<>(finishedTask("t1-1", "task-a"));
        entries.add(entry(60, Event.STARTED, "t1-1", "6"));

        Verdict verdict = task(entries, Map.of("task-a", succeededAt(50)));

        assertThat(verdict.late()).isOne();
        assertThat(verdict.duplicated()).isZero();
        assertThat(verdict.redelivered()).isZero();
    }

    @Test
    void aRunAfterTheSubmitterHeardTheOutcomeIsADuplicateAlsoWhenTheRouterForgotIt() {
        List<Entry> entries = new ArrayList<>(finishedTask("t1-1", "task-a"));
        entries.add(entry(50, Event.SETTLED, "t1-1", "task-a"));
        entries.add(entry(60, Event.STARTED, "t1-1", "6"));

        assertThat(task(entries, Map.of()).duplicated()).isOne();
    }

    @Test
    void aRunBeforeTheOutcomeIsRedelivered() {
        List<Entry> entries = new ArrayList<>(finishedTask("t1-1", "task-a"));
        entries.add(entry(40, Event.STARTED, "t1-1", "8"));

        Verdict verdict = task(entries, Map.of("task-a", succeededAt(50)));

        assertThat(verdict.redelivered()).isOne();
        assertThat(verdict.duplicated()).isZero();
    }

    @Test
    void aTaskThatNeverEndsIsLostAndItsStateIsTold() {
        List<Entry> entries = finishedTask("t1-1", "task-a");
        RoutersTask running = new RoutersTask(TaskState.TASK_STATE_RUNNING, 9, Life.NEVER);

        Verdict verdict = task(entries, Map.of("task-a", running));

        assertThat(verdict.lost()).isOne();
        assertThat(verdict.examples()).containsExactly("t1-1 [task-a] lost, the router says: TASK_STATE_RUNNING");
    }

    @Test
    void aSurvivorsTaskWithoutOutcomeIsUnsettled() {
        List<Entry> entries = new ArrayList<>(finishedTask("t1-1", "task-a"));
        entries.add(entry(90, Event.CLOSED, "t1-", ""));

        assertThat(task(entries, Map.of("task-a", succeededAt(50))).unsettled()).isOne();
        entries.add(entry(80, Event.SETTLED, "t1-1", "task-a"));
        assertThat(task(entries, Map.of("task-a", succeededAt(50))).unsettled()).isZero();
    }

    @Test
    void oneKeyWithTwoTasksIsADuplicate() {
        List<Entry> entries = new ArrayList<>(finishedTask("t1-1", "task-a"));
        entries.addAll(finishedTask("t1-1", "task-b"));

        Verdict verdict = task(entries, Map.of("task-a", succeededAt(50), "task-b", succeededAt(50)));

        assertThat(verdict.duplicated()).isOne();
    }

    private static List<Entry> finishedTask(String key, String task) {
        return List.of(
                entry(1, Event.SENDING, key, ""),
                entry(2, Event.ACKNOWLEDGED, key, task),
                entry(3, Event.STARTED, key, "7"),
                entry(4, Event.FINISHED, key, task));
    }

    private static RoutersTask succeededAt(int micros) {
        return new RoutersTask(TaskState.TASK_STATE_SUCCEEDED, 7, micros);
    }

    private static Verdict message(List<Entry> entries) {
        return MessageAudit.judge(Lives.of(entries));
    }

    private static Verdict task(List<Entry> entries, Map<String, RoutersTask> tasks) {
        return TaskAudit.judge(Lives.of(entries), tasks);
    }

    private static Entry entry(long at, Event event, String key, String detail) {
        return new Entry(at, event, key, detail);
    }
}
