package io.dray.core.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ManualLoopTest {
    private final ManualLoop loop = new ManualLoop();
    private final List<String> ran = new ArrayList<>();

    @Test
    void runsInOrderAndOnlyWhenTold() {
        loop.execute(() -> ran.add("first"));
        loop.execute(() -> {
            ran.add("second");
            loop.execute(() -> ran.add("third"));
        });
        assertThat(ran).isEmpty();

        assertThat(loop.runReady()).isEqualTo(3);

        assertThat(ran).containsExactly("first", "second", "third");
    }

    @Test
    void runsTimedTasksAtTheirTime() {
        List<Long> times = new ArrayList<>();
        Runnable task = () -> times.add(loop.clock().nanoTime());
        List<ScheduledFuture<?>> tasks = List.of(
                loop.schedule(task, 20, TimeUnit.NANOSECONDS),
                loop.schedule(task, 10, TimeUnit.NANOSECONDS),
                loop.scheduleAtFixedRate(task, 15, 30, TimeUnit.NANOSECONDS));

        loop.advance(Duration.ofNanos(50));

        assertThat(times).containsExactly(10L, 15L, 20L, 45L);
        assertThat(loop.clock().nanoTime()).isEqualTo(50);
        assertThat(tasks).extracting(ScheduledFuture::isDone).containsExactly(true, true, false);
    }

    @Test
    void forgetsWhatIsCancelled() {
        ScheduledFuture<?> task = loop.schedule(() -> ran.add("never"), 1, TimeUnit.SECONDS);

        task.cancel(false);
        loop.advance(Duration.ofSeconds(2));

        assertThat(ran).isEmpty();
        assertThat(loop.scheduled()).isZero();
    }

    @Test
    void waitsUntilSomethingHoldsOrSaysWhatDidNot() {
        Await.until("nothing", () -> true);

        assertThatThrownBy(() -> Await.until("the end", Duration.ofMillis(5), () -> false))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the end");
    }
}
