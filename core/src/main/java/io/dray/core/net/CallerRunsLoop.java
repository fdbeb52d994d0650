package io.dray.core.net;

import io.grpc.Context;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SingleThreadIoEventLoop;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An event loop whose work another thread may do while the loop's own thread sleeps: who sends one message now and then
 * writes it to the socket itself, instead of waking a thread to do it. After Schmidt's Leader/Followers pattern.
 *
 * <p>What belongs to the loop is guarded by a turn. The loop's thread has it but for the moments in which it waits for
 * the kernel; whoever has it is "in the event loop" for Netty. Thread-safe.
 */
final class CallerRunsLoop extends SingleThreadIoEventLoop {
    /** Below it callers come so fast that a thread that stays awake, and writes many messages at once, is cheaper. */
    static final long QUIET_NANOS = TimeUnit.MICROSECONDS.toNanos(30);

    /** What others queued meanwhile and a caller does for them; the loop's thread is woken for the rest. */
    private static final int MAX_TASKS = 16;

    /*
     * EpollIoHandler.run asks canBlock() before it decides, then deadlineNanos(), sets what wakes it, asks canBlock()
     * again and waits if it still may; after the wait, and before it touches a registration, it asks
     * shouldReportActiveIoTime(). So the turn is given away in the answer after the deadline's and taken back there.
     *
     * A caller that added a task, or a timer that is due before the one that the loop's thread waits for, or ends the
     * loop, wakes it after its turn: within it, Netty takes the caller for that thread and wakes nobody.
     */
    private final ReentrantLock turn = new ReentrantLock();
    private final Waiting waiting = new Waiting();
    private final long quietNanos;
    private volatile @Nullable Thread holder;
    /**
     * Whether the loop's thread has the turn or waits for it: callers give way, or many of them could keep it out. Also
     * until it has come, as nobody starts it within a turn.
     */
    private volatile boolean isAwake = true;

    private volatile long lastNanos = System.nanoTime();

    /**
     * Creates a loop that has not started.
     *
     * @param handlers of epoll: others may not ask as this loop expects them to
     * @param quietNanos how long nobody may have asked for the caller to run its task
     */
    CallerRunsLoop(IoEventLoopGroup parent, Executor executor, IoHandlerFactory handlers, long quietNanos) {
        super(parent, executor, handlers);
        this.quietNanos = quietNanos;
    }

    @Override
    public boolean inEventLoop(Thread thread) {
        return thread.equals(holder);
    }

    /**
     * Runs a task on the calling thread as if it were the loop's, with what the task makes the loop do, if the loop
     * sleeps and nobody asked for a while.
     *
     * @param task never blocks; what it throws is logged
     * @return false if nothing was done, also because the caller's stack is nearly full: the task is for {@link #execute}
     */
    boolean tryRun(Runnable task) {
        long now = System.nanoTime();
        boolean isQuiet = now - lastNanos >= quietNanos;
        lastNanos = now;
        if (!isQuiet || isAwake || holder != null || !StackRoom.isLeft() || !turn.tryLock()) {
            return false;
        }
        // Also after what cannot be caught and logged, as when the caller's stack is full.
        boolean isOwed = true;
        holder = Thread.currentThread();
        try {
            isOwed = runInTurn(task);
        } finally {
            holder = null;
            turn.unlock();
            if (isOwed) {
                ioHandler().wakeup();
            }
        }
        return true;
    }

    @Override
    public boolean trySuspend() {
        // A thread that ends keeps the turn: the next one would wait for ever.
        return false;
    }

    @Override
    protected void run() {
        // Never given back: nobody runs anything here once the loop has ended.
        take();
        super.run();
    }

    @Override
    protected int runIo() {
        waiting.isAboutToWait = false;
        try {
            return ioHandler().run(waiting);
        } finally {
            take();
        }
    }

    /** Returns whether something is left to the loop's thread. */
    private boolean runInTurn(Runnable task) {
        long deadline = nextScheduledTaskDeadlineNanos();
        // What a task begins, such as a stream, must not end with the call that the caller is just answering.
        Context callers = Context.ROOT.attach();
        try {
            safeExecute(task);
            runQueued();
        } finally {
            Context.ROOT.detach(callers);
        }
        return hasTasks() || isShuttingDown() || isSooner(nextScheduledTaskDeadlineNanos(), deadline);
    }

    private void runQueued() {
        for (int i = 0; i < MAX_TASKS; i++) {
            Runnable next = pollTask();
            if (next == null) {
                return;
            }
            safeExecute(next);
        }
    }

    private static boolean isSooner(long deadline, long before) {
        return deadline != -1 && (before == -1 || deadline - before < 0);
    }

    private void take() {
        isAwake = true;
        if (!turn.isHeldByCurrentThread()) {
            turn.lock();
        }
        holder = Thread.currentThread();
    }

    private void give() {
        isAwake = false;
        holder = null;
        turn.unlock();
    }

    private boolean hasNoWork() {
        return !hasTasks() && !hasScheduledTasks();
    }

    /** What the loop's thread is told while it decides whether to wait; on that thread only. */
    private final class Waiting implements IoHandlerContext {
        private boolean isAboutToWait;
        private long delayNanos;
        private long askedNanos;

        @Override
        public boolean canBlock() {
            boolean mayBlock = hasNoWork();
            if (mayBlock && isAboutToWait) {
                askedNanos = System.nanoTime();
                delayNanos = CallerRunsLoop.this.delayNanos(askedNanos);
                give();
            }
            return mayBlock;
        }

        @Override
        public long delayNanos(long currentTimeNanos) {
            return turn.isHeldByCurrentThread()
                    ? CallerRunsLoop.this.delayNanos(currentTimeNanos)
                    : Math.max(0, delayNanos - (currentTimeNanos - askedNanos));
        }

        @Override
        public long deadlineNanos() {
            isAboutToWait = true;
            return CallerRunsLoop.this.deadlineNanos();
        }

        @Override
        public boolean shouldReportActiveIoTime() {
            take();
            return false;
        }

        @Override
        public void reportActiveIoTime(long activeNanos) {}
    }
}
