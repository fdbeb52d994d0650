package io.dray.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.core.testing.ManualLoop;
import io.dray.router.store.Change;
import io.dray.router.store.StoreThread;
import io.dray.router.tasks.Hold;
import io.dray.router.tasks.StateName;
import io.dray.router.tasks.Submission;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.tasks.TaskState.Assigned;
import io.dray.router.tasks.TaskState.Pending;
import io.dray.types.v1.Code;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RetentionTest {
    private static final Duration KEPT = Duration.ofDays(7);

    private final MemoryStore store = new MemoryStore();
    private final ManualLoop loop = new ManualLoop();
    private final ManualLoop storeLoop = new ManualLoop(loop.clock());
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final DispatchMeters meters = new DispatchMeters(registry);

    private void start() {
        Time time = new Time(loop.clock(), loop.clock()::nanoTime);
        meters.restart(store.finishedCounts());
        new Retention(KEPT, new StoreThread(store, storeLoop), loop, time, meters).start();
    }

    private void pass(Duration time) {
        for (long left = time.toMillis(); left > 0; left -= 1_000) {
            loop.advance(Duration.ofSeconds(1));
            storeLoop.runReady();
        }
        while (loop.runReady() + storeLoop.runReady() > 0) {
            // Each may have given the other something.
        }
    }

    private long nowMicros() {
        return new Time(loop.clock(), loop.clock()::nanoTime).nowMicros();
    }

    private void ended(long id, String key, Duration ago) throws Exception {
        var spec = DispatcherHarness.spec("digest").setIdempotencyKey(key).build();
        var submission = new Submission(id, spec, "default", "uid:1", ByteString.EMPTY, 1);
        TaskSnapshot held =
                TaskSnapshot.submitted(submission, new Pending()).assigned(new Pending(), new Hold(1, "n", "w/1@n", 1));
        long at = nowMicros() - ago.toMillis() * 1_000;
        store.commit(List.of(new Change.Insert(
                held.succeeded((Assigned) held.state(), at, ByteString.copyFromUtf8("42")), ByteString.EMPTY)));
    }

    private double gauge(StateName name) {
        return registry.get("dray_tasks").tag("state", name.name()).gauge().value();
    }

    @Test
    void whatEndedLongAgoGoesRoundByRoundAndTheMetersFollow() throws Exception {
        ended(1, "", KEPT.plusHours(1));
        ended(2, "", KEPT.minusSeconds(90));
        ended(3, "", Duration.ofHours(1));
        start();
        assertThat(gauge(StateName.SUCCEEDED)).isEqualTo(3);

        pass(Retention.ROUND.plusSeconds(1));
        assertThat(store.tasks()).containsOnlyKeys(2L, 3L);
        assertThat(gauge(StateName.SUCCEEDED)).isEqualTo(2);

        pass(Retention.ROUND);
        assertThat(store.tasks()).containsOnlyKeys(3L);
        assertThat(gauge(StateName.SUCCEEDED)).isEqualTo(1);
        assertThat(registry.get("dray_tasks_removed").counter().count()).isEqualTo(2);
    }

    @Test
    void aRouterThatDoesNotOwnTheStoreRemovesNothingUntilItDoes() throws Exception {
        ended(1, "", KEPT.plusHours(1));
        start();
        store.takenByAnother(true);

        pass(Retention.ROUND.multipliedBy(3));
        assertThat(store.tasks()).hasSize(1);

        store.takenByAnother(false);
        pass(Retention.ROUND.plusSeconds(1));
        assertThat(store.tasks()).isEmpty();
    }

    @Test
    void aKeyHoldsForAsLongAsItsTaskIsKept() throws Exception {
        ended(1, "k", Duration.ofHours(1));
        DispatcherHarness harness = new DispatcherHarness(store).opened();
        var other = DispatcherHarness.task(
                DispatcherHarness.spec("index").setIdempotencyKey("k").build());
        var refused = harness.submitLater(other);
        harness.settle();
        assertThat(DispatcherHarness.code(refused)).isEqualTo(Code.CODE_KEY_CONFLICT);

        assertThat(store.removeFinishedBefore(Long.MAX_VALUE).tasks()).isEqualTo(Map.of(StateName.SUCCEEDED, 1L));

        var accepted = harness.submitLater(other);
        harness.settle();
        assertThat(DispatcherHarness.done(accepted).getFirst().existed()).isFalse();
    }

    @Test
    void aCommitThatFindsNoRoomIsToldAndThenNewTasksAreRefusedAtOnce() {
        DispatcherHarness harness = new DispatcherHarness(store).opened();
        TaskSnapshot in = harness.submit("digest");
        store.whyFull("the disk has 3 KB free");

        var failed = harness.submitLater(
                DispatcherHarness.task(DispatcherHarness.spec("digest").build()));
        harness.settle();
        assertThat(DispatcherHarness.refused(failed).getMessage()).contains("the disk has 3 KB free");
        harness.pass(Duration.ofSeconds(2));

        int commits = store.commits().size();
        var refused = harness.submitLater(
                DispatcherHarness.task(DispatcherHarness.spec("digest").build()));
        harness.settle();
        assertThat(DispatcherHarness.refused(refused).getMessage()).contains("no room for new tasks");
        assertThat(store.commits()).hasSize(commits);
        var cancelled = harness.dispatcher().cancel(in.id(), "default");
        harness.settle();
        assertThat(DispatcherHarness.done(cancelled)).isPresent();
    }

    @Test
    void aFullStoreRefusesNewTasksAndThoseThatAreInEnd() {
        DispatcherHarness harness = new DispatcherHarness(store).opened();
        TaskSnapshot in = harness.submit("digest");
        store.whyFull("the disk has 3 KB free");
        harness.lookForRoom();

        var refused = harness.submitLater(
                DispatcherHarness.task(DispatcherHarness.spec("digest").build()));
        harness.settle();
        assertThat(DispatcherHarness.refused(refused).getMessage())
                .contains("no room for new tasks", "the disk has 3 KB free");
        var cancelled = harness.dispatcher().cancel(in.id(), "default");
        harness.settle();
        assertThat(DispatcherHarness.done(cancelled)).isPresent();
        assertThat(store.tasks().get(in.id()))
                .satisfies(task -> assertThat(task.isEnded()).isTrue());

        store.whyFull("");
        harness.lookForRoom();
        assertThat(harness.submit("digest").id()).isPositive();
    }
}
