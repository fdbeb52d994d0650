package io.dray.bench.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.dray.bench.crash.Entry.Event;
import io.dray.router.v1.Task;
import io.dray.router.v1.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Plants each fault that the harness must see, and checks that good ledgers pass. */
class AuditTest {
    @Test
    void aMessageThatWasHandledOnceIsFine() {
        Verdict verdict = MessageAudit.judge(List.of(
                entry(1, Event.SENDING, "m1-1", ""),
                entry(2, Event.STARTED, "m1-1", ""),
                entry(3, Event.FINISHED, "m1-1", ""),
                entry(4, Event.SETTLED, "m1-1", ""),
                entry(5, Event.CLOSED, "m1-", "")));

        assertThat(verdict).isEqualTo(new Verdict("messages", 1, 1, 1, 0, 0, 0, 0, 0, List.of()));
    }

    @Test
    void aMessageThatIsDoneForTheSenderAloneIsLost() {
        Verdict verdict =
                MessageAudit.judge(List.of(entry(1, Event.SENDING, "m1-1", ""), entry(4, Event.SETTLED, "m1-1", "")));

        assertThat(verdict.lost()).isOne();
        assertThat(verdict.examples()).containsExactly("m1-1 lost");
    }

    @Test
    void aMessageThatALivingSenderStillHoldsIsLost() {
        Verdict verdict =
                MessageAudit.judge(List.of(entry(1, Event.SENDING, "m1-1", ""), entry(5, Event.CLOSED, "m1-", "")));

        assertThat(verdict.lost()).isOne();
        assertThat(verdict.unsettled()).isOne();
    }

    @Test
    void aMessageThatDiedWithItsSenderIsNotLost() {
        Verdict verdict = MessageAudit.judge(List.of(entry(1, Event.SENDING, "m1-1", "")));

        assertThat(verdict.lost()).isZero();
        assertThat(verdict.sent()).isOne();
    }

    @Test
    void aSecondRunIsRedeliveredBeforeAndDuplicatedAfterTheOutcome() {
        Verdict verdict = MessageAudit.judge(List.of(
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

        assertThat(TaskAudit.judge(entries, Map.of()).lost()).isOne();
        assertThat(TaskAudit.judge(entries, Map.of("task-a", succeededAt(50))).lost())
                .isZero();
    }

    @Test
    void anAcknowledgedTaskThatNoWorkerFinishedIsLost() {
        List<Entry> entries = List.of(entry(1, Event.ACKNOWLEDGED, "t1-1", "task-a"));

        assertThat(TaskAudit.judge(entries, Map.of("task-a", succeededAt(50))).lost())
                .isOne();
    }

    @Test
    void aRunAfterTheRouterStoredTheOutcomeIsADuplicate() {
        List<Entry> entries = new ArrayList<>(finishedTask("t1-1", "task-a"));
        entries.add(entry(60, Event.STARTED, "t1-1", "task-a"));

        Verdict verdict = TaskAudit.judge(entries, Map.of("task-a", succeededAt(50)));

        assertThat(verdict.duplicated()).isOne();
        assertThat(verdict.redelivered()).isZero();
    }

    @Test
    void oneKeyWithTwoTasksIsADuplicate() {
        List<Entry> entries = new ArrayList<>(finishedTask("t1-1", "task-a"));
        entries.addAll(finishedTask("t1-1", "task-b"));

        Verdict verdict = TaskAudit.judge(entries, Map.of("task-a", succeededAt(50), "task-b", succeededAt(50)));

        assertThat(verdict.duplicated()).isOne();
    }

    private static List<Entry> finishedTask(String key, String task) {
        return List.of(
                entry(1, Event.SENDING, key, ""),
                entry(2, Event.ACKNOWLEDGED, key, task),
                entry(3, Event.STARTED, key, task),
                entry(4, Event.FINISHED, key, task));
    }

    private static Task succeededAt(int micros) {
        return Task.newBuilder()
                .setState(TaskState.TASK_STATE_SUCCEEDED)
                .setFinishedAt(Timestamp.newBuilder().setNanos(micros * 1_000))
                .build();
    }

    private static Entry entry(long at, Event event, String key, String detail) {
        return new Entry(at, event, key, detail);
    }
}
