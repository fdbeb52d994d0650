package io.dray.router.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.router.tasks.AttemptKey;
import io.dray.types.v1.Error;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EjectionTest {
    private static final long START_MICROS = 1_000_000_000_000L;

    private final Fleet fleet = new Fleet(() -> this.nanos);
    private long nanos = 1;
    private long tasks;

    EjectionTest() {
        pass(Duration.ZERO);
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
        fleet.tick(nanos, START_MICROS + nanos / 1_000);
    }

    private List<Node> nodes(int count) {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            nodes.add(node("n" + i, "digest", 4));
        }
        return nodes;
    }

    private Node node(String name, String capability, int slots) {
        return node(name, capability, slots, 1);
    }

    private Node node(String name, String capability, int slots, long incarnation) {
        Worker worker = new Worker("w/1@" + name, List.of(capability), slots);
        return fleet.join(new NodeHello(name, incarnation, List.of(worker), List.of(), Map.of(), null), new Silent());
    }

    private void lose(Node node, int seconds) {
        for (int i = 0; i < seconds; i++) {
            fleet.ended(node.name(), Ending.LOST);
            pass(Duration.ofSeconds(1));
        }
    }

    @Test
    void aNodeThatLosesAttemptsAgainAndAgainRests() {
        Node bad = nodes(3).getFirst();

        lose(bad, 4);

        assertThat(bad.closed()).isEqualTo(Filter.EJECTED);
        assertThat(bad.faults()).contains("faults");
        assertThat(fleet.ejectedUntilMicros(bad)).isGreaterThan(START_MICROS + nanos / 1_000);
        pass(Duration.ofSeconds(10));
        assertThat(bad.closed()).isNull();
    }

    @Test
    void theNextRestIsTwiceAsLong() {
        Node bad = nodes(3).getFirst();
        lose(bad, 4);
        pass(Duration.ofSeconds(10));
        lose(bad, 4);

        pass(Duration.ofSeconds(12));
        assertThat(bad.closed()).isEqualTo(Filter.EJECTED);
        pass(Duration.ofSeconds(8));

        assertThat(bad.closed()).isNull();
    }

    @Test
    void manyAttemptsThatDieOfOneBlowAreOneFault() {
        Node node = nodes(3).getFirst();
        for (int i = 0; i < 100; i++) {
            fleet.ended(node.name(), Ending.LOST);
        }
        pass(Duration.ofSeconds(1));

        assertThat(node.closed()).isNull();
        assertThat(node.isSuspect()).isTrue();
    }

    @Test
    void aThirdOfTheNodesRestsAtMost() {
        List<Node> nodes = nodes(7);
        for (int i = 0; i < 6; i++) {
            nodes.forEach(node -> fleet.ended(node.name(), Ending.LOST));
            pass(Duration.ofSeconds(1));
        }

        assertThat(nodes).filteredOn(node -> node.closed() == Filter.EJECTED).hasSize(2);
    }

    @Test
    void ofTwoNodesNoneRests() {
        Node bad = nodes(2).getFirst();

        lose(bad, 6);

        assertThat(bad.closed()).isNull();
    }

    @Test
    void theOnlyWorkerForACapabilityNeverRests() {
        nodes(5);
        Node only = node("only", "translate", 4);

        lose(only, 6);

        assertThat(only.closed()).isNull();
    }

    @Test
    void handlersThatThrowEverywhereAreNotTheNodesFault() {
        List<Node> nodes = nodes(3);
        for (int i = 0; i < 20; i++) {
            nodes.forEach(node -> fleet.ended(node.name(), Ending.HANDLER_FAILED));
            pass(Duration.ofSeconds(1));
        }

        assertThat(nodes).allMatch(node -> node.closed() == null && !node.isSuspect());
    }

    @Test
    void handlersThatThrowOnOneNodeAloneAreItsFault() {
        List<Node> nodes = nodes(3);
        for (int i = 0; i < 20; i++) {
            fleet.ended("n0", Ending.HANDLER_FAILED);
            fleet.ended("n1", Ending.SUCCEEDED);
            fleet.ended("n2", Ending.SUCCEEDED);
        }
        pass(Duration.ofSeconds(1));

        assertThat(nodes.getFirst().closed()).isEqualTo(Filter.EJECTED);
        assertThat(nodes.getFirst().faults()).contains("handlers threw");
    }

    @Test
    void aNodeThatAlsoSucceedsIsNotEjected() {
        Node node = nodes(3).getFirst();
        for (int i = 0; i < 30; i++) {
            fleet.ended(node.name(), Ending.SUCCEEDED);
            pass(Duration.ofMillis(500));
            fleet.ended(node.name(), i % 4 == 0 ? Ending.LOST : Ending.SUCCEEDED);
            pass(Duration.ofMillis(500));
        }

        assertThat(node.closed()).isNull();
    }

    @Test
    void aSuspectNodeIsLookedAtLast() {
        Node node = nodes(3).getFirst();
        fleet.ended(node.name(), Ending.LOST);
        pass(Duration.ofSeconds(1));

        Bucket last = fleet.free("digest").bucket(CpuBuckets.count() - 1);
        assertThat(last.size()).isOne();
        assertThat(last.node(0)).isSameAs(node);
    }

    @Test
    void aFreshNodeGetsMoreWithTime() {
        Node fresh = node("fresh", "digest", 100, (START_MICROS * 1_000) + nanos);
        assertThat(fill(fresh)).isEqualTo(10);
        assertThat(fresh.closed()).isEqualTo(Filter.RAMPING);

        pass(Duration.ofSeconds(5));
        assertThat(fill(fresh)).isEqualTo(55);
        pass(Duration.ofSeconds(5));

        assertThat(fill(fresh)).isEqualTo(100);
    }

    @Test
    void eachSuccessOfAFreshNodeIsWorthTwoMore() {
        Node fresh = node("fresh", "digest", 100, (START_MICROS * 1_000) + nanos);
        fill(fresh);

        fleet.ended("fresh", Ending.SUCCEEDED);
        fleet.ended("fresh", Ending.SUCCEEDED);
        fleet.release("fresh", 1);
        fleet.release("fresh", 2);

        assertThat(fill(fresh)).isEqualTo(14);
    }

    @Test
    void aNodeThatIsOldOrHasFewSlotsIsNotHeldBack() {
        assertThat(fill(node("old", "digest", 100, 1))).isEqualTo(100);
        assertThat(fill(node("small", "digest", 8, (START_MICROS * 1_000) + nanos)))
                .isEqualTo(8);
    }

    private int fill(Node node) {
        while (node.closed() == null && node.hasFreeSlot("digest")) {
            fleet.hold(node.name(), "w/1@" + node.name(), ++tasks, new Demand(1, 1));
        }
        return node.attempts();
    }

    /** A stream with room that nobody listens to. */
    private static final class Silent implements NodeStream {
        @Override
        public boolean hasRoom() {
            return true;
        }

        @Override
        public void welcome(long epoch) {}

        @Override
        public void assign(Assignment assignment) {}

        @Override
        public void answer(Answer answer) {}

        @Override
        public void cancel(List<AttemptKey> attempts) {}

        @Override
        public void receipt(long eventNumber, @Nullable Error refusal) {}

        @Override
        public void cordoned(boolean cordoned) {}

        @Override
        public void reportTaken(long number) {}

        @Override
        public void end(Error reason) {}
    }
}
