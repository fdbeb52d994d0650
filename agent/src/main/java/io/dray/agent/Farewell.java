package io.dray.agent;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of an attachment in good order, on the thread of whoever closes it. */
final class Farewell {
    private static final Logger LOGGER = LoggerFactory.getLogger(Farewell.class);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long LAST_WORDS_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long HALF_CLOSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String agent;
    private final Loop loop;
    private final SidecarStream stream;
    private final Outbox outbox;
    private final HandlerThreads handlers;
    private final TaskRunner tasks;

    Farewell(String agent, Loop loop, SidecarStream stream, Outbox outbox, HandlerThreads handlers, TaskRunner tasks) {
        this.agent = agent;
        this.loop = loop;
        this.stream = stream;
        this.outbox = outbox;
        this.handlers = handlers;
        this.tasks = tasks;
    }

    /** Waits for what is in flight, then leaves; what is unfinished at the timeout fails. */
    void say(Duration timeout) {
        long endNanos = System.nanoTime() + timeout.toNanos();
        // Own requests first: after the goodbye nothing new is delivered, also no replies.
        boolean isInTime = await(outbox::isSettled, endNanos);
        loop.run(() -> {
            stream.sayGoodbye();
            outbox.requestDrain();
        });
        isInTime &= await(() -> handlers.isIdle() && tasks.isIdle(), endNanos);
        if (!isInTime) {
            LOGGER.warn("{} closes with work unfinished after {}", agent, timeout);
            handlers.cancelAll();
            loop.run(tasks::cancelAll);
        }
        await(outbox::isSettled, Math.max(endNanos, System.nanoTime() + LAST_WORDS_NANOS));
        loop.run(stream::leave);
        if (!await(stream::isEnded, System.nanoTime() + HALF_CLOSE_NANOS)) {
            loop.run(() -> stream.end(Errors.closed()));
        }
    }

    /** Asks on the loop, again and again, since what ends the wait has many places. */
    private boolean await(BooleanSupplier condition, long endNanos) {
        try {
            while (true) {
                var answer = new CompletableFuture<Boolean>();
                loop.run(() -> answer.complete(condition.getAsBoolean() || stream.isEnded()));
                if (answer.get(1, TimeUnit.SECONDS)) {
                    return true;
                }
                if (System.nanoTime() >= endNanos) {
                    return false;
                }
                TimeUnit.NANOSECONDS.sleep(POLL_NANOS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException _) {
            // The loop is gone or stuck: nothing to wait for.
            return false;
        }
    }
}
