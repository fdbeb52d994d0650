package io.dray.bench.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulatedNodeTest {
    private static final long SECOND = 1_000_000_000;
    private static final long GIB = 1L << 30;

    private final VirtualTime time = new VirtualTime();
    private final long begin = time.nowNanos();
    private final List<String> ended = new ArrayList<>();

    private SimulatedNode node(double speed) {
        SimulatedNode node = new SimulatedNode(0, 4, 2, speed, time);
        node.listen((_, task) -> ended.add(task.number() + " at " + (time.nowNanos() - begin) / 1_000_000));
        return node;
    }

    private SimulatedTask task(long number, int cpuMillis, long seconds) {
        return new SimulatedTask(number, begin, cpuMillis, GIB, seconds * SECOND);
    }

    private void runAll() {
        while (time.step()) {
            // Until nothing is planned.
        }
    }

    @Test
    void runsAtItsSpeed() {
        SimulatedNode node = node(2);
        node.start(task(1, 1_000, 10));
        node.start(task(2, 1_000, 4));
        runAll();

        assertThat(ended).containsExactly("2 at 2000", "1 at 5000");
        assertThat(node.heldCpuMillis()).isZero();
        assertThat(node.freeMemoryBytes()).isEqualTo(node.memoryBytes());
        assertThat(node.heldMillisNanos()).isEqualTo(7_000.0 * SECOND);
    }

    @Test
    void isSlowForAWhile() {
        SimulatedNode node = node(1);
        node.start(task(1, 1_000, 10));
        time.after(4 * SECOND, () -> node.slowTo(0.5));
        time.after(8 * SECOND, () -> node.slowTo(1));
        runAll();

        assertThat(ended).containsExactly("1 at 12000");
    }

    @Test
    void sharesCpuThatOthersWantToo() {
        SimulatedNode node = node(1);
        node.start(task(1, 2_000, 6));
        time.after(2 * SECOND, () -> node.useFromOutside(6_000, 0));
        time.after(4 * SECOND, () -> node.useFromOutside(0, 0));
        runAll();

        assertThat(ended).containsExactly("1 at 7000");
        assertThat(node.usedMillisNanos()).isEqualTo((2 * 2_000 + 2 * 4_000 + 3 * 2_000.0) * SECOND);
        assertThat(node.overcommits()).isZero();
    }

    @Test
    void memoryIsNotSharedAndTooMuchIsCounted() {
        SimulatedNode node = node(1);
        node.useFromOutside(0, 7 * GIB);
        assertThat(node.fits(task(1, 1_000, 1))).isTrue();
        node.start(task(1, 4_000, 1));

        assertThat(node.fits(task(2, 1_000, 1))).isFalse();
        assertThat(node.hasMemory(task(2, 1_000, 1))).isFalse();
        node.start(task(2, 1_000, 1));

        assertThat(node.overcommits()).isOne();
    }

    @Test
    void tasksThatEndTogetherEndTogether() {
        SimulatedNode node = node(0.7);
        node.start(task(1, 1_000, 3));
        node.start(task(2, 1_000, 3));
        runAll();

        assertThat(ended).containsExactly("1 at 4285", "2 at 4285");
    }
}
