package io.dray.router.dispatch;

import static io.dray.router.dispatch.DispatcherHarness.done;
import static io.dray.router.dispatch.DispatcherHarness.refused;
import static io.dray.router.dispatch.DispatcherHarness.spec;
import static io.dray.router.dispatch.DispatcherHarness.task;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.core.wire.MeshError;
import io.dray.router.tasks.AttemptEvent;
import io.dray.router.tasks.AttemptKey;
import io.dray.router.tasks.Limit;
import io.dray.router.tasks.Limit.Scope;
import io.dray.router.tasks.StateName;
import io.dray.router.tasks.TaskFilter;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.tasks.TaskState.Waiting;
import io.dray.router.tasks.WaitingReason;
import io.dray.types.v1.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LimitsTest {
    private static final AttemptEvent.Succeeded DONE = new AttemptEvent.Succeeded(ByteString.EMPTY);

    private final MemoryStore store = new MemoryStore();
    private final DispatcherHarness harness = new DispatcherHarness(store).opened();

    private LimitUse set(Limit limit) {
        var reply = harness.dispatcher().setLimit(limit);
        harness.settle();
        return done(reply);
    }

    private List<LimitUse> uses() {
        var reply = harness.dispatcher().limits();
        harness.settle();
        return done(reply);
    }

    private static Limit running(String queue, int maxRunning) {
        return new Limit(Scope.QUEUE, queue, maxRunning, 0, 0, false);
    }

    private static Limit rate(String queue, double perSecond, int burst) {
        return new Limit(Scope.QUEUE, queue, 0, perSecond, burst, false);
    }

    private TaskSnapshot submit(String queue) {
        return harness.submit("digest", spec -> spec.setQueue(queue));
    }

    private List<TaskSnapshot> submit(String queue, int count) {
        List<TaskSnapshot> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tasks.add(submit(queue));
        }
        return tasks;
    }

    private void restart() {
        store.restart();
        harness.crash();
        harness.settle();
    }

    @Test
    void aQueueHasAtMostSoManyAttemptsAtOnce() {
        PlayedNode node = harness.node("n").join("digest", 10);
        set(running("slow", 2));

        submit("slow", 5);
        assertThat(node.assignments()).hasSize(2);
        node.event(node.newest(), DONE);
        harness.settle();

        assertThat(node.assignments()).hasSize(3);
        assertThat(uses()).contains(new LimitUse(running("slow", 2), 2, 2));
    }

    @Test
    void aQueueAtItsLimitBlocksNoOtherOfTheSameCapability() {
        PlayedNode node = harness.node("n").join("digest", 10);
        set(running("slow", 1));
        submit("slow", 100);

        TaskSnapshot other = submit("default");

        assertThat(node.assignments()).hasSize(2);
        assertThat(node.newest().taskId()).isEqualTo(other.id());
    }

    @Test
    void aCapabilityIsLimitedOverAllQueues() {
        PlayedNode node = harness.node("n").join("digest", 10);
        set(new Limit(Scope.CAPABILITY, "digest", 3, 0, 0, false));

        submit("a", 2);
        submit("b", 2);

        assertThat(node.assignments()).hasSize(3);
    }

    @Test
    void aRateHoldsOnTheClockAfterItsBurst() {
        PlayedNode node = harness.node("n").join("digest", 100);
        set(rate("slow", 2, 3));
        submit("slow", 20);
        assertThat(node.assignments()).hasSize(3);

        harness.pass(Duration.ofMillis(400));
        assertThat(node.assignments()).hasSize(3);
        harness.pass(Duration.ofMillis(100));
        assertThat(node.assignments()).hasSize(4);
        harness.pass(Duration.ofSeconds(3));

        assertThat(node.assignments()).hasSize(10);
    }

    @Test
    void aRateFasterThanTheTickIsMet() {
        PlayedNode node = harness.node("n").join("digest", 1_000);
        harness.settle();
        node.report(4_000_000);
        set(rate("fast", 200, 1));
        for (int i = 0; i < 300; i++) {
            harness.submit("digest", spec -> {
                spec.getResourcesBuilder().setCpuMillis(1);
                return spec.setQueue("fast");
            });
        }

        harness.pass(Duration.ofSeconds(1));

        assertThat(node.assignments()).hasSizeBetween(190, 202);
    }

    @Test
    void aLimitChangesLiveAndStopsNothingThatRuns() {
        PlayedNode node = harness.node("n").join("digest", 10);
        submit("slow", 4);
        set(running("slow", 1));
        assertThat(node.cancels()).isEmpty();
        assertThat(uses()).contains(new LimitUse(running("slow", 1), 4, 0));
        submit("slow", 2);
        assertThat(node.assignments()).hasSize(4);

        set(running("slow", 5));
        assertThat(node.assignments()).hasSize(5);
        set(Limit.none(Scope.QUEUE, "slow"));

        assertThat(node.assignments()).hasSize(6);
        assertThat(store.limits()).isEmpty();
    }

    @Test
    void limitsAndWhatTheyCountSurviveARestart() {
        PlayedNode node = harness.node("n").join("digest", 10);
        set(running("slow", 1));
        set(rate("paced", 1, 5));
        submit("slow", 2);
        submit("paced", 3);
        var attempts = node.assignments().stream()
                .map(one ->
                        new AttemptKey(one.task().id(), one.task().attempts().token()))
                .toArray(AttemptKey[]::new);

        restart();
        PlayedNode back = harness.node("n").join("digest", 10, attempts);
        submit("paced", 5);

        assertThat(back.assignments()).isEmpty();
        assertThat(uses()).contains(new LimitUse(running("slow", 1), 1, 1), new LimitUse(rate("paced", 1, 5), 3, 5));
        harness.pass(Duration.ofSeconds(1));
        assertThat(back.assignments()).hasSize(1);
    }

    @Test
    void aTaskThatALimitHoldsBackIsShownWaitingAndNotWritten() {
        harness.node("n").join("digest", 10);
        submit("slow");
        TaskSnapshot ready = harness.submit("nobody", spec -> spec.setQueue("slow"));
        int commits = store.commits().size();

        set(running("slow", 1));

        assertThat(harness.find(ready).orElseThrow().state()).isEqualTo(new Waiting(WaitingReason.QUEUE_LIMIT, 0));
        assertThat(submit("slow").state()).isEqualTo(new Waiting(WaitingReason.QUEUE_LIMIT, 0));
        assertThat(listed(StateName.WAITING)).isEqualTo(2);
        assertThat(listed(StateName.PENDING)).isZero();
        assertThat(store.commits()).hasSize(commits + 1);
        set(Limit.none(Scope.QUEUE, "slow"));
        assertThat(harness.find(ready).orElseThrow().state().name()).isEqualTo(StateName.PENDING);
    }

    private int listed(StateName state) {
        var reply = harness.dispatcher()
                .list(new TaskFilter("default", "", "", Set.of(state), Map.of()), Long.MAX_VALUE, 100);
        harness.settle();
        return done(reply).tasks().size();
    }

    @Test
    void theMeterCountsWhatIsHeldBack() {
        set(running("slow", 1));
        harness.node("n").join("digest", 10);

        submit("slow", 4);
        harness.pass(DispatcherHarness.TICK);

        assertThat(harness.registry().get("dray_tasks_held_back").gauge().value())
                .isEqualTo(3);
    }

    @Test
    void aRejectedAttemptGivesItsPlaceAndItsTokenBack() {
        PlayedNode node = harness.node("n").join("digest", 10);
        PlayedNode other = harness.node("m").join("digest", 10);
        set(new Limit(Scope.QUEUE, "slow", 1, 0.01, 1, false));
        TaskSnapshot task = submit("slow");
        PlayedNode holder = node.assignments().isEmpty() ? other : node;

        holder.event(holder.newest(), new AttemptEvent.Rejected(MeshError.of(Code.CODE_NO_ROOM, "no room")));
        harness.settle();

        assertThat(harness.assignments()).hasSize(2).allMatch(one -> one.task().id() == task.id());
    }

    @Test
    void aStrictQueueRefusesWhatNoKnownWorkerOffers() {
        set(new Limit(Scope.QUEUE, "checked", 0, 0, 0, true));
        var spec = spec("digest").setQueue("checked").setIdempotencyKey("k");
        var early = harness.submitLater(task(spec.build()));
        harness.settle();

        assertThat(refused(early))
                .returns(Code.CODE_NO_SUCH_DESTINATION, error -> error.getCode())
                .returns("digest", error -> error.getValue());
        assertThat(refused(early).getMessage()).contains("checked", "strict");
        PlayedNode node = harness.node("n").join("digest", 1);
        harness.settle();
        var known = harness.submitLater(task(spec.build()));
        harness.settle();
        long id = done(known).getFirst().task().id();

        node.leave();
        restart();
        var again = harness.submitLater(task(spec.build()));
        harness.settle();

        assertThat(done(again).getFirst())
                .returns(true, Submitted::existed)
                .matches(one -> one.task().id() == id);
    }

    @Test
    void aLimitThatCannotBeStoredIsRefusedAndDoesNotHold() {
        store.failFromNowOn(true);
        var reply = harness.dispatcher().setLimit(running("slow", 1));
        harness.settle();
        store.failFromNowOn(false);

        assertThat(refused(reply).getCode()).isEqualTo(Code.CODE_STORE_FAILED);
        assertThat(uses()).isEmpty();
    }
}
