package io.dray.router.dispatch;

import static io.dray.router.dispatch.DispatcherHarness.spec;
import static io.dray.router.dispatch.DispatcherHarness.task;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.core.wire.MeshError;
import io.dray.router.fleet.Assignment;
import io.dray.router.tasks.AttemptEvent;
import io.dray.router.tasks.AttemptKey;
import io.dray.router.tasks.Limit;
import io.dray.router.tasks.Limit.Scope;
import io.dray.router.tasks.Outcome;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.types.v1.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random schedules of submissions, outcomes, rejections, lapses, cancels and crashes against a small reference: what was
 * acknowledged is known for ever, a task ends once, tokens only grow, a receipted outcome is the task's end.
 */
class RandomScheduleTest {
    private static final int STEPS = 1_000;
    private static final int SLOTS = 4;

    private final MemoryStore store = new MemoryStore();
    private final DispatcherHarness harness = new DispatcherHarness(store).opened();
    private final Map<Long, TaskSnapshot> ends = new HashMap<>();
    private final Set<Long> acknowledged = new HashSet<>();
    private final Map<Long, Long> tokens = new HashMap<>();
    private final Map<String, Long> idsByKey = new HashMap<>();
    private final List<PlayedNode> nodes = new ArrayList<>();
    private final Map<PlayedNode, Integer> seen = new HashMap<>();
    private final Map<PlayedNode, List<AttemptKey>> running = new HashMap<>();
    private long incarnation = 1;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 20261120})
    void whatWasAcknowledgedIsNeverLostAndEndsOnce(long seed) {
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        joinAll();
        for (int step = 0; step < STEPS; step++) {
            act(random);
            check();
        }
        finish();

        assertThat(ends.keySet()).containsAll(acknowledged);
        assertThat(acknowledged.size()).isGreaterThan(STEPS / 10);
    }

    private void act(SplittableRandom random) {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> submit(random);
            case 3, 4, 5 -> outcome(random);
            case 6 -> reject(random);
            case 7 -> cancel(random);
            case 8 -> harness.pass(Duration.ofMillis(random.nextInt(1, 1_500)));
            case 9 -> report();
            case 10 -> harness.runDispatcherOnly();
            default -> rareEvent(random);
        }
    }

    private void rareEvent(SplittableRandom random) {
        switch (random.nextInt(6)) {
            case 0 -> crash();
            case 1 -> harness.pass(Duration.ofSeconds(7));
            case 2 -> loseNode(random);
            case 3 -> limit(random);
            default -> harness.settle();
        }
    }

    private void submit(SplittableRandom random) {
        String key = "key-" + random.nextInt(400);
        CompletableFuture<Outcome<List<Submitted>>> reply =
                harness.submitLater(task(spec("digest").setIdempotencyKey(key).build()));
        var _ = reply.thenAccept(outcome -> {
            if (outcome instanceof Outcome.Done<List<Submitted>>(List<Submitted> submitted)) {
                long id = submitted.getFirst().task().id();
                acknowledged.add(id);
                assertThat(idsByKey.merge(key, id, (first, _) -> first)).isEqualTo(id);
                assertThat(store.tasks()).containsKey(id);
            }
        });
    }

    private void outcome(SplittableRandom random) {
        PlayedNode node = anyNode(random);
        List<AttemptKey> attempts = attempts(node);
        if (attempts.isEmpty()) {
            return;
        }
        AttemptKey attempt = attempts.remove(random.nextInt(attempts.size()));
        node.event(
                attempt,
                switch (random.nextInt(4)) {
                    case 0 -> new AttemptEvent.Failed(MeshError.of(Code.CODE_HANDLER_FAILED, "it did not work"));
                    case 1 -> new AttemptEvent.Cancelled();
                    default -> new AttemptEvent.Succeeded(ByteString.copyFromUtf8(attempt.toString()));
                });
    }

    private void reject(SplittableRandom random) {
        PlayedNode node = anyNode(random);
        List<AttemptKey> attempts = attempts(node);
        if (!attempts.isEmpty()) {
            node.event(attempts.removeLast(), new AttemptEvent.Rejected(MeshError.of(Code.CODE_NO_ROOM, "no room")));
        }
    }

    private void cancel(SplittableRandom random) {
        if (!acknowledged.isEmpty()) {
            List<Long> ids = new ArrayList<>(acknowledged);
            var _ = harness.dispatcher().cancel(ids.get(random.nextInt(ids.size())), "default");
        }
    }

    private void report() {
        nodes.forEach(node -> node.report(attempts(node).toArray(AttemptKey[]::new)));
    }

    private void crash() {
        store.restart();
        harness.crash();
        harness.settle();
        joinAll();
    }

    private void limit(SplittableRandom random) {
        int maxRunning = random.nextInt(3);
        double rate = random.nextInt(3);
        var _ = harness.dispatcher().setLimit(new Limit(Scope.QUEUE, "default", maxRunning, rate, 0, false));
    }

    /** A node dies with all it ran, and another incarnation comes. */
    private void loseNode(SplittableRandom random) {
        int index = random.nextInt(nodes.size());
        nodes.get(index).leave();
        PlayedNode fresh = harness.node("n" + index, ++incarnation).join("digest", SLOTS);
        seen.put(fresh, 0);
        running.put(fresh, new ArrayList<>());
        nodes.set(index, fresh);
        harness.settle();
    }

    /** The nodes outlive the router, and what they run too. */
    private void joinAll() {
        List<PlayedNode> before = List.copyOf(nodes);
        nodes.clear();
        for (int index = 0; index < 3; index++) {
            List<AttemptKey> alive = before.isEmpty() ? new ArrayList<>() : attempts(before.get(index));
            PlayedNode node =
                    harness.node("n" + index, incarnation + 1).join("digest", SLOTS, alive.toArray(AttemptKey[]::new));
            seen.put(node, 0);
            running.put(node, new ArrayList<>(alive));
            nodes.add(node);
        }
        incarnation++;
        harness.settle();
    }

    private PlayedNode anyNode(SplittableRandom random) {
        return nodes.get(random.nextInt(nodes.size()));
    }

    private List<AttemptKey> attempts(PlayedNode node) {
        List<AttemptKey> attempts = running.computeIfAbsent(node, _ -> new ArrayList<>());
        List<Assignment> all = node.assignments();
        for (Assignment assignment : all.subList(seen.getOrDefault(node, 0), all.size())) {
            AttemptKey attempt = new AttemptKey(
                    assignment.task().id(), assignment.task().attempts().token());
            attempts.add(attempt);
        }
        seen.put(node, all.size());
        return attempts;
    }

    private void check() {
        List<Assignment> all = harness.assignments();
        for (Assignment assignment : all) {
            long token = assignment.task().attempts().token();
            Long before = tokens.put(assignment.task().id(), token);
            assertThat(token).isGreaterThan(before == null ? 0 : before);
        }
        all.clear();
        nodes.forEach(this::attempts);
        assertThat(store.tasks().keySet()).containsAll(acknowledged);
        store.tasks().forEach((id, task) -> {
            if (task.isEnded()) {
                assertThat(ends.merge(id, task, (first, _) -> first)).isEqualTo(task);
            }
        });
    }

    /** Lets everything end: whatever is assigned succeeds at once. */
    private void finish() {
        var _ = harness.dispatcher().setLimit(Limit.none(Scope.QUEUE, "default"));
        for (int round = 0; round < 200 && !ends.keySet().containsAll(acknowledged); round++) {
            nodes.forEach(node -> {
                List<AttemptKey> attempts = attempts(node);
                attempts.forEach(attempt -> node.event(attempt, new AttemptEvent.Succeeded(ByteString.EMPTY)));
                attempts.clear();
                node.report();
            });
            harness.pass(Duration.ofSeconds(1));
            check();
        }
    }
}
