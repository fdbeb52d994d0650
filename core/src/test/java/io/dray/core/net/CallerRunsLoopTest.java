package io.dray.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
@Timeout(60)
class CallerRunsLoopTest {
    private final EventLoops loops = EventLoops.startForCallers(Transport.EPOLL, "caller-runs", 0);
    private final CallerRunsLoop loop = (CallerRunsLoop) loops.loop();

    @BeforeEach
    void start() throws Exception {
        loop.submit(() -> {}).get();
    }

    @AfterEach
    void end() {
        loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void theCallerRunsItsTaskWhileTheLoopSleeps() {
        var ran = new ArrayList<Thread>();

        tryUntilRun(() -> {
            ran.add(Thread.currentThread());
            assertThat(loop.inEventLoop()).isTrue();
        });

        assertThat(ran).containsExactly(Thread.currentThread());
        assertThat(loop.inEventLoop()).isFalse();
    }

    @Test
    void whatTheTaskQueuesRunsOnTheCallerToo() {
        var ran = new ArrayList<String>();

        tryUntilRun(() -> {
            loop.execute(() -> ran.add("queued " + Thread.currentThread().threadId()));
            ran.add("task");
        });

        assertThat(ran)
                .containsExactly("task", "queued " + Thread.currentThread().threadId());
    }

    @Test
    void whatTheCallerLeavesUndoneIsDoneByTheLoop() {
        var done = new CompletableFuture<Thread>();
        var rounds = new AtomicInteger();
        var again = new Runnable() {
            @Override
            public void run() {
                if (rounds.incrementAndGet() == 100) {
                    done.complete(Thread.currentThread());
                    return;
                }
                loop.execute(this);
            }
        };

        tryUntilRun(again);

        assertThat(done).succeedsWithin(30, TimeUnit.SECONDS).isNotEqualTo(Thread.currentThread());
    }

    @Test
    void aTimerOfTheCallerWakesALoopThatSleepsForLonger() {
        var due = new CompletableFuture<Thread>();

        tryUntilRun(() -> {
            var _ = loop.schedule(() -> due.complete(Thread.currentThread()), 5, TimeUnit.MILLISECONDS);
        });

        assertThat(due).succeedsWithin(30, TimeUnit.SECONDS).isNotEqualTo(Thread.currentThread());
    }

    @Test
    void theLoopsOwnThreadQueuesItsTask() throws Exception {
        assertThat(loop.submit(() -> loop.tryRun(() -> {})).get()).isFalse();
    }

    @Test
    void nobodyRunsATaskWithinTheTaskOfAnother() {
        var inner = new ArrayList<Boolean>();

        tryUntilRun(() -> inner.add(loop.tryRun(() -> {})));

        assertThat(inner).containsExactly(false);
    }

    @Test
    void callersThatComeTooFastLeaveTheirTasksToTheLoop() throws Exception {
        var seldom = loop(TimeUnit.HOURS.toNanos(1));
        seldom.submit(() -> {}).get();

        assertThat(seldom.tryRun(() -> {})).isFalse();
        assertThat(seldom.tryRun(() -> {})).isFalse();

        seldom.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void aDrainRunsOnTheCallerThatAsksForIt() {
        var ran = new ConcurrentLinkedQueue<Thread>();
        var drain = new DeferredDrain(loop, () -> ran.add(Thread.currentThread()));

        while (!ran.contains(Thread.currentThread())) {
            drain.request();
        }

        assertThat(loop.inEventLoop()).isFalse();
    }

    @Test
    void anEndedLoopRunsNothing() {
        loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();

        assertThat(loop.tryRun(() -> {})).isFalse();
    }

    @Test
    void callersLeaveTheirTasksToALoopThatHasNotStarted() {
        var idle = loop(0);

        assertThat(idle.tryRun(() -> {})).isFalse();

        idle.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void aLoopThatSleepsForLongEndsWhenACallerEndsIt() throws Exception {
        sleepForLong();

        tryUntilRun(() -> {
            var _ = loop.shutdownGracefully(0, 2, TimeUnit.SECONDS);
        });

        assertThat(loop.terminationFuture().await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatIsLeftByATaskThatEndedItsCallerIsDoneByTheLoop() throws Exception {
        sleepForLong();
        var done = new CompletableFuture<Void>();
        var failure = new IllegalStateException() {
            @Override
            public String getMessage() {
                // As it is being logged, for which a full stack has no room either.
                throw new StackOverflowError();
            }
        };

        assertThatThrownBy(() -> tryUntilRun(() -> {
                    loop.execute(() -> done.complete(null));
                    throw failure;
                }))
                .isInstanceOf(StackOverflowError.class);

        assertThat(done).succeedsWithin(20, TimeUnit.SECONDS);
    }

    @Test
    void theContextOfTheCallerIsNotThatOfWhatItRunsForTheLoop() {
        Context.Key<String> caller = Context.key("caller");
        var seen = new ArrayList<String>();

        Context.current()
                .withValue(caller, "me")
                .run(() -> tryUntilRun(() -> {
                    seen.add("task " + caller.get());
                    loop.execute(() -> seen.add("queued " + caller.get()));
                }));

        assertThat(seen).containsExactly("task null", "queued null");
    }

    @Test
    void callersTakeMemoryFromTheChunkOfTheLoop() throws Exception {
        loop.submit(() -> loops.buffers().directBuffer().release()).get();

        for (int i = 0; i < 8; i++) {
            Thread.ofPlatform()
                    .start(() ->
                            tryUntilRun(() -> loops.buffers().directBuffer().release()))
                    .join();
        }

        assertThat(loops.reservedDirectBytes()).isEqualTo(EventLoops.DEFAULT_CHUNK_BYTES);
    }

    @Test
    void itsThreadStaysWhenItIsToBeSuspended() throws Exception {
        assertThat(loop.trySuspend()).isFalse();

        assertThat(loop.submit(() -> "done").get(20, TimeUnit.SECONDS)).isEqualTo("done");
    }

    /** What a user's deep recursion does that sends at each level and outlives its overflow. */
    @Test
    void aCallerWhoseStackIsNearlyFullLeavesItsTaskToTheLoop() throws Exception {
        var begun = new AtomicInteger();
        var ended = new AtomicInteger();
        var caller = new Thread(null, () -> recurse(begun, ended), "deep", 512 * 1024);

        caller.start();
        caller.join();

        assertThat(begun).hasPositiveValue().hasValue(ended.get());
    }

    @SuppressWarnings("InfiniteRecursion") // It ends with the stack.
    private void recurse(AtomicInteger begun, AtomicInteger ended) {
        try {
            loop.tryRun(() -> {
                begun.incrementAndGet();
                needStack(40);
                ended.incrementAndGet();
            });
            recurse(begun, ended);
        } catch (StackOverflowError _) {
            // The user's own; goes on with the level above.
        }
    }

    /** As deep as a write through gRPC and Netty. */
    private static long needStack(int frames) {
        return frames == 0 ? System.nanoTime() : needStack(frames - 1) + frames;
    }

    @Test
    void tasksOfManyCallersTimersAndTheLoopNeverOverlapAndNoneIsLost() throws Exception {
        long seed = System.nanoTime();
        System.out.println("CallerRunsLoopTest seed " + seed);
        int callers = 4;
        int tasks = 20_000;
        var counted = new Counted();
        List<Future<?>> timers = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            var random = new Random(seed + i);
            threads.add(Thread.ofPlatform().start(() -> {
                for (int j = 0; j < tasks; j++) {
                    switch (random.nextInt(8)) {
                        case 0 -> loop.execute(counted::add);
                        case 1 -> {
                            Future<?> timer = loop.schedule(counted::add, random.nextInt(200), TimeUnit.MICROSECONDS);
                            synchronized (timers) {
                                timers.add(timer);
                            }
                        }
                        case 2 ->
                            run(() -> {
                                // A timer that is cancelled in the caller's turn, and one that runs later.
                                assertThat(loop.schedule(counted::add, 1, TimeUnit.HOURS)
                                                .cancel(false))
                                        .isTrue();
                                var _ = loop.schedule(counted::add, random.nextInt(50), TimeUnit.MICROSECONDS);
                            });
                        default -> run(counted::add);
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (Future<?> timer : timers) {
            timer.get();
        }

        long expected = (long) callers * tasks;
        var all = new CompletableFuture<Long>();
        loop.execute(new Runnable() {
            @Override
            public void run() {
                if (counted.count >= expected) {
                    all.complete(counted.count);
                } else {
                    var _ = loop.schedule(this, 1, TimeUnit.MILLISECONDS);
                }
            }
        });
        assertThat(all).succeedsWithin(30, TimeUnit.SECONDS).isEqualTo(expected);
        assertThat(counted.overlaps).isZero();
    }

    private void run(Runnable task) {
        if (!loop.tryRun(task)) {
            loop.execute(task);
        }
    }

    /** Until its next timer: without one it would look about each second. */
    private void sleepForLong() throws Exception {
        var _ = loop.schedule(() -> {}, 1, TimeUnit.HOURS);
        loop.submit(() -> {}).get();
    }

    private void tryUntilRun(Runnable task) {
        while (!loop.tryRun(task)) {
            Thread.onSpinWait();
        }
    }

    private static CallerRunsLoop loop(long quietNanos) {
        return (CallerRunsLoop) EventLoops.startForCallers(Transport.EPOLL, "caller-runs", quietNanos)
                .loop();
    }

    /** Counts without any synchronisation of its own. */
    private static final class Counted {
        private long count;
        private long overlaps;
        private boolean isRunning;

        void add() {
            if (isRunning) {
                overlaps++;
            }
            isRunning = true;
            count++;
            isRunning = false;
        }
    }
}
