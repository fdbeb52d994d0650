package io.dray.router.dispatch;

import static io.dray.router.dispatch.DispatcherHarness.done;
import static io.dray.router.dispatch.DispatcherHarness.spec;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.router.tasks.AttemptEvent;
import io.dray.router.tasks.Progress;
import io.dray.router.tasks.StateName;
import io.dray.router.tasks.Submission;
import io.dray.router.tasks.TaskFilter;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.tasks.TaskState;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WatchTest {
    private static final TaskFilter ALL = new TaskFilter("default", "", "", Set.of(), Map.of());

    private final DispatcherHarness harness = new DispatcherHarness(new MemoryStore()).opened();

    private static List<StateName> states(List<Watch.Change> changes) {
        return changes.stream().map(change -> change.task().state().name()).toList();
    }

    private static TaskSnapshot pending(long id) {
        return TaskSnapshot.submitted(
                new Submission(id, spec("digest").build(), "default", "", ByteString.EMPTY, id),
                new TaskState.Pending());
    }

    @Test
    void tellsThePresentStateThenEachChangeAndEndsWithTheTask() throws InterruptedException {
        TaskSnapshot task = harness.submit("digest");
        var watching = harness.dispatcher().watch(Set.of(task.id()), "default");
        PlayedNode node = harness.node("n").join("digest", 1);
        harness.settle();
        node.event(node.newest(), new AttemptEvent.Started());
        node.event(node.newest(), new AttemptEvent.Succeeded(ByteString.copyFromUtf8("42")));
        harness.settle();

        Watch watch = done(watching);

        assertThat(states(watch.take()))
                .containsExactly(StateName.PENDING, StateName.ASSIGNED, StateName.RUNNING, StateName.SUCCEEDED);
        assertThat(watch.take()).isEmpty();
        assertThat(watch.error()).isNull();
    }

    @Test
    void nothingIsToldBeforeItsCommit() throws InterruptedException {
        var watching = harness.dispatcher().watch(ALL);
        harness.settle();
        var reply = harness.submitLater(DispatcherHarness.task(spec("digest").build()));
        harness.runDispatcherOnly();
        Watch watch = done(watching);
        harness.dispatcher().unwatch(watch);
        harness.runDispatcherOnly();

        assertThat(watch.take()).isEmpty();
        assertThat(reply).isNotDone();
    }

    @Test
    void progressInBetweenIsCoalesced() throws InterruptedException {
        PlayedNode node = harness.node("n").join("digest", 1);
        TaskSnapshot task = harness.submit("digest");
        Watch watch = watch(task);
        for (int percent = 1; percent <= 100; percent++) {
            node.event(0, node.newest(), new AttemptEvent.Progressed(new Progress(percent, ""), ByteString.EMPTY));
        }
        harness.settle();

        List<Watch.Change> changes = watch.take();

        assertThat(changes)
                .singleElement()
                .satisfies(
                        change -> assertThat(change.task().progress().percent()).isEqualTo(100));
    }

    private Watch watch(TaskSnapshot task) {
        var watching = harness.dispatcher().watch(Set.of(task.id()), "default");
        harness.settle();
        return done(watching);
    }

    @Test
    void anotherTenantSeesNothing() throws InterruptedException {
        TaskSnapshot task = harness.submit("digest");

        var watching = harness.dispatcher().watch(Set.of(task.id()), "other");
        harness.settle();

        assertThat(done(watching).isFollowing(task.id())).isFalse();
        assertThat(done(watching).take()).isEmpty();
    }

    @Test
    void aSlowWatcherGetsTheLastStateOfEachTask() throws InterruptedException {
        Watch watch = new Watch(ALL);
        for (long id = 1; id <= 6_000; id++) {
            watch.offer(pending(id));
            watch.offer(pending(id).expired(new TaskState.Pending(), id, Error.getDefaultInstance()));
        }

        List<Watch.Change> changes = watch.take();

        assertThat(changes.size()).isBetween(6_000, 10_000);
        assertThat(changes.getFirst().task().state().name()).isEqualTo(StateName.EXPIRED);
    }

    @Test
    void aWatcherThatIsMuchTooSlowIsEnded() throws InterruptedException {
        Watch watch = new Watch(ALL);
        for (long id = 1; id <= 10_001; id++) {
            watch.offer(pending(id));
        }

        assertThat(watch.take()).isEmpty();
        assertThat(watch.error()).extracting(Error::getCode).isEqualTo(Code.CODE_TOO_MANY);
    }

    @Test
    void resultsThatWouldTakeTooMuchMemoryAreLeftOut() throws InterruptedException {
        Watch watch = new Watch(ALL);
        ByteString large = ByteString.copyFrom(new byte[600 * 1024]);
        for (long id = 1; id <= 2; id++) {
            watch.offer(pending(id).withState(new TaskState.Succeeded(id, large)));
        }

        assertThat(watch.take()).extracting(Watch.Change::resultLeftOut).containsExactly(false, true);
    }
}
