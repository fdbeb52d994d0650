package io.dray.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class DeferredDrainTest {
    private final Queue<Runnable> loop = new ArrayDeque<>();
    private final List<String> runs = new ArrayList<>();

    @Test
    void runsOnceForManyRequests() {
        var drain = new DeferredDrain(loop::add, () -> runs.add("run"));

        drain.request();
        drain.request();
        turn();

        assertThat(runs).containsExactly("run");
    }

    @Test
    void runsAgainForARequestMadeWhileItRuns() {
        var holder = new DeferredDrain[1];
        holder[0] = new DeferredDrain(loop::add, () -> {
            runs.add("run");
            if (runs.size() == 1) {
                holder[0].request();
            }
        });

        holder[0].request();
        turn();

        assertThat(runs).hasSize(2);
    }

    @Test
    void survivesALoopThatHasShutDown() {
        var drain = new DeferredDrain(
                _ -> {
                    throw new RejectedExecutionException("closed");
                },
                () -> runs.add("run"));

        drain.request();

        assertThat(runs).isEmpty();
    }

    @Test
    void runsForARequestAfterOneWhoseCallerHadNoStackLeft() {
        var full = new AtomicBoolean(true);
        var drain = new DeferredDrain(
                task -> {
                    if (full.getAndSet(false)) {
                        throw new StackOverflowError();
                    }
                    loop.add(task);
                },
                () -> runs.add("run"));

        assertThatThrownBy(drain::request).isInstanceOf(StackOverflowError.class);
        drain.request();
        turn();

        assertThat(runs).containsExactly("run");
    }

    private void turn() {
        for (Runnable task = loop.poll(); task != null; task = loop.poll()) {
            task.run();
        }
    }
}
