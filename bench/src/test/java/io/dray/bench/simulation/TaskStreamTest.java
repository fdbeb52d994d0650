package io.dray.bench.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TaskStreamTest {
    private static final int TASKS = 300_000;
    private static final double SECOND = 1e9;

    private final Case of = new Case(100, 85, 0, TASKS, 5);
    private final TaskStream stream = new TaskStream(of, 100_000, 0);

    @Test
    void keepsAsMuchCpuBusyAsWasAskedFor() {
        double wanted = 0;
        SimulatedTask last = stream.next();
        for (int i = 1; i < TASKS; i++) {
            wanted += (double) last.cpuMillis() * last.workNanos();
            last = stream.next();
        }

        assertThat(wanted / last.arrivedNanos()).isCloseTo(100_000, within(5_000.0));
        assertThat(last.number()).isEqualTo(TASKS - 1);
    }

    @Test
    void mostTasksAreShortAndTheirLengthsAreBounded() {
        int shorterThanFifth = 0;
        for (int i = 0; i < TASKS; i++) {
            SimulatedTask task = stream.next();
            assertThat(task.workNanos() / SECOND).isBetween(0.1, 300.0);
            assertThat(task.cpuMillis()).isIn(500, 1_000, 2_000, 4_000);
            shorterThanFifth += task.workNanos() < 0.2 * SECOND ? 1 : 0;
        }

        assertThat((double) shorterThanFifth / TASKS).isCloseTo(1 - Math.pow(0.5, 1.1), within(0.01));
    }
}
