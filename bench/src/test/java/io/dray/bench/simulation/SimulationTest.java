package io.dray.bench.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Small cases, each of a fixed seed: time is virtual, so the figures are the same on every machine. */
class SimulationTest {
    private static final long SEED = 20261122;

    private static Outcome run(SchedulerKind kind, int nodes, int load, int outside, int tasks) {
        return new Simulation(new Case(nodes, load, outside, tasks, SEED), kind).run(_ -> {});
    }

    @ParameterizedTest
    @EnumSource
    void everyTaskEndsOnceAndNoNodeHoldsMoreThanItHas(SchedulerKind kind) {
        Outcome outcome = run(kind, 12, 85, 0, 3_000);

        // That each ended once and nothing is left is checked by the run itself.
        assertThat(outcome.slowdown().tasks()).isEqualTo(2_700);
        assertThat(outcome.overcommits()).isZero();
        assertThat(outcome.rejected()).isZero();
        assertThat(outcome.slowdown().median())
                .isBetween(1 / 1.3, outcome.slowdown().p99());
        assertThat(outcome.decisions().count()).isGreaterThanOrEqualTo(3_000);
    }

    @ParameterizedTest
    @EnumSource(names = {"DRAY", "POWER_OF_TWO"})
    void theSameSeedGivesTheSame(SchedulerKind kind) {
        Outcome one = run(kind, 12, 95, 20, 3_000);
        Outcome other = run(kind, 12, 95, 20, 3_000);

        assertThat(other.slowdown()).isEqualTo(one.slowdown());
        assertThat(other.utilisation()).isEqualTo(one.utilisation());
        assertThat(other.virtualSeconds()).isEqualTo(one.virtualSeconds());
        assertThat(other.rejected()).isEqualTo(one.rejected());
    }

    @Test
    void lateBindingBeatsPowerOfTwoChoices() {
        Outcome ours = run(SchedulerKind.DRAY, 50, 95, 0, 40_000);
        Outcome theirs = run(SchedulerKind.POWER_OF_TWO, 50, 95, 0, 40_000);

        assertThat(ours.slowdown().mean()).isLessThan(theirs.slowdown().mean() / 2);
        assertThat(ours.slowdown().p99()).isLessThan(theirs.slowdown().p99() / 2);
    }

    @Test
    void anUnhurriedMeshRunsTasksAtOnce() {
        Outcome outcome = run(SchedulerKind.DRAY, 50, 50, 0, 20_000);

        assertThat(outcome.slowdown().mean()).isLessThan(1.1);
    }

    @Test
    void outsideLoadThatOnlyReportsShowIsAvoided() {
        Outcome ours = run(SchedulerKind.DRAY, 50, 70, 40, 20_000);
        Outcome random = run(SchedulerKind.RANDOM, 50, 70, 40, 20_000);

        assertThat(ours.overcommits()).isZero();
        assertThat(ours.slowdown().mean()).isLessThan(random.slowdown().mean() / 2);
    }
}
