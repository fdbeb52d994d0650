package io.dray.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.testing.ManualLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimersTest {
    private static final long TICK_NANOS = 10_000_000;

    private final ManualLoop manual = new ManualLoop();
    private final Loop loop = new Loop(manual, () -> true, manual.clock(), manual.clock()::nanoTime);
    private final Timers timers = new Timers(loop);

    @Test
    void firesNeverEarlyAndAtMostTwoTicksLate() {
        long seed = 7;
        var random = new Random(seed);
        List<Long> late = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            long dueNanos = random.nextLong(20_000_000_000L);
            timers.start(new Fires(() -> late.add(loop.nanos() - dueNanos)), dueNanos);
        }

        manual.advance(Duration.ofSeconds(21));

        assertThat(late)
                .as("seed %s", seed)
                .hasSize(1_000)
                .allSatisfy(nanos -> assertThat(nanos).isBetween(0L, 2 * TICK_NANOS));
    }

    @Test
    void forgetsWhatWasCancelledAndStopsTicking() {
        List<String> fired = new ArrayList<>();
        var cancelled = new Fires(() -> fired.add("cancelled"));
        timers.start(cancelled, 50_000_000);
        timers.start(new Fires(() -> timers.cancel(cancelled)), 20_000_000);

        manual.advance(Duration.ofSeconds(1));

        assertThat(fired).isEmpty();
        assertThat(manual.scheduled()).isZero();
    }

    @Test
    void firesOnceAfterItWasStartedAnew() {
        List<Long> fired = new ArrayList<>();
        var timer = new Fires(() -> fired.add(loop.nanos()));
        timers.start(timer, 50_000_000);
        timers.start(timer, 500_000_000);

        manual.advance(Duration.ofSeconds(2));

        assertThat(fired).singleElement().satisfies(nanos -> assertThat(nanos).isGreaterThanOrEqualTo(500_000_000L));
    }

    @Test
    void firesAllThatIsDueAfterAJumpOfTheClock() {
        List<Integer> fired = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            int number = i;
            timers.start(new Fires(() -> fired.add(number)), i * TICK_NANOS);
        }

        manual.clock().advance(Duration.ofMinutes(10));
        manual.runReady();

        assertThat(fired).hasSize(600);
    }

    private static final class Fires extends Timers.Timer {
        private final Runnable action;

        Fires(Runnable action) {
            this.action = action;
        }

        @Override
        void onDue() {
            action.run();
        }
    }
}
