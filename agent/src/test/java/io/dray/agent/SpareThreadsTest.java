package io.dray.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.testing.Await;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SpareThreadsTest {
    private final SpareThreads threads = new SpareThreads("test");

    @Test
    void runsAllThoughManyOfThemBlock() {
        var release = new CountDownLatch(1);
        var started = new AtomicInteger();
        for (int i = 0; i < 200; i++) {
            threads.execute(() -> {
                started.incrementAndGet();
                awaitQuietly(release);
            });
        }

        Await.until("all have started", () -> started.get() == 200);

        release.countDown();
    }

    @Test
    void doesManyQuickTasksWithFewThreads() {
        Set<Thread> used = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
        var done = new AtomicInteger();
        int count = 10_000;

        for (int i = 0; i < count; i++) {
            threads.execute(() -> {
                used.add(Thread.currentThread());
                done.incrementAndGet();
            });
        }

        Await.until("all are done", () -> done.get() == count);
        assertThat(used).hasSizeLessThan(count);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
