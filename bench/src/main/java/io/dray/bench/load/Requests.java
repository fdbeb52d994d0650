package io.dray.bench.load;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/** Requests of one stretch and what became of them. Replies come on the requesters' callback threads. */
public final class Requests {
    private static final int DIGITS = 3;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(15);
    private static final long POLL_MILLIS = 1;

    private final List<Requester> requesters;
    private final Recorder latencies = new Recorder(DIGITS);
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile String firstFailure = "";

    /**
     * Prepares a stretch.
     *
     * @param requesters who is asked, in turn
     */
    public Requests(List<? extends Requester> requesters) {
        this.requesters = List.copyOf(requesters);
    }

    /**
     * A fixed number of slots, each of which sends its next request when its last one was answered.
     *
     * @param work how many, and how long
     * @param payload of each
     * @return what became of them
     * @throws InterruptedException when the thread was interrupted
     */
    public Result closed(Work work, Payload payload) throws InterruptedException {
        long start = System.nanoTime();
        long end = start + (long) (work.seconds() * TimeUnit.SECONDS.toNanos(1));
        byte[] bytes = payload.next(0, 0, 0);
        for (int i = 0; i < work.outstanding(); i++) {
            Requester requester = requesters.get(i % requesters.size());
            underWay.incrementAndGet();
            next(requester, bytes, end);
        }
        TimeUnit.NANOSECONDS.sleep(end - System.nanoTime());
        awaitReplies();
        return result(end - start);
    }

    /**
     * Requests at planned times, on the requesters in turn; latency counts from the planned time, which payloads carry.
     *
     * @param work how often, and how long
     * @param payload of each
     * @return what became of them
     * @throws InterruptedException when the thread was interrupted
     */
    public Result open(Work work, Payload payload) throws InterruptedException {
        long start = System.nanoTime();
        AtomicInteger turn = new AtomicInteger();
        long sent = new OpenLoop(new SystemClock()).run(work.ratePerS(), work.seconds(), due -> {
            Requester requester = requesters.get(turn.getAndIncrement() % requesters.size());
            underWay.incrementAndGet();
            request(requester, payload.next(due, 0, 0), failure -> {
                onReply(due, failure);
                underWay.decrementAndGet();
            });
        });
        awaitReplies();
        long unsent = Math.round(work.ratePerS() * work.seconds()) - sent;
        if (unsent > 0) {
            onFailure(unsent, unsent + " requests could not be sent in time");
        }
        return result(Math.max((long) (work.seconds() * TimeUnit.SECONDS.toNanos(1)), System.nanoTime() - start));
    }

    private void next(Requester requester, byte[] payload, long end) {
        long sent = System.nanoTime();
        request(requester, payload, failure -> {
            boolean ended = System.nanoTime() >= end;
            if (!ended || failure != null) {
                onReply(sent, failure);
            }
            if (ended || failure != null) {
                underWay.decrementAndGet();
                return;
            }
            next(requester, payload, end);
        });
    }

    private static void request(Requester requester, byte[] payload, Consumer<@Nullable Throwable> done) {
        try {
            requester.request(payload, done);
        } catch (RuntimeException e) {
            done.accept(e);
        }
    }

    private void onReply(long since, @Nullable Throwable failure) {
        if (failure != null) {
            onFailure(1, failure.toString());
            return;
        }
        answered.incrementAndGet();
        latencies.recordValue(Math.max(0, System.nanoTime() - since));
    }

    private void onFailure(long count, String text) {
        if (failures.getAndAdd(count) == 0) {
            firstFailure = text;
        }
    }

    /** Polls with sleeps: the replies of a whole stretch come within it, and only stragglers are waited for. */
    private void awaitReplies() throws InterruptedException {
        long last = answered.get();
        long giveUp = System.nanoTime() + PATIENCE_NANOS;
        while (underWay.get() > 0 && System.nanoTime() < giveUp) {
            Thread.sleep(POLL_MILLIS);
            if (answered.get() != last) {
                last = answered.get();
                giveUp = System.nanoTime() + PATIENCE_NANOS;
            }
        }
        int missing = underWay.get();
        if (missing > 0) {
            onFailure(missing, missing + " requests were never answered");
        }
    }

    private Result result(long nanos) {
        Histogram histogram = latencies.getIntervalHistogram();
        long operations = answered.get();
        return Result.of(operations + failures.get(), operations, nanos, failures.get(), firstFailure, histogram);
    }
}
