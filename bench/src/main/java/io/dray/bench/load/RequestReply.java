package io.dray.bench.load;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * A closed loop of requests: each of a fixed number of slots sends its next request when its last one was answered.
 * Runs on the carrier's callback threads.
 */
final class RequestReply {
    private static final int PAYLOAD_BYTES = 100;
    private static final int DIGITS = 3;
    private static final long PATIENCE_SECONDS = 10;

    private final Carrier carrier;
    private final int outstanding;
    private final Recorder latencies = new Recorder(DIGITS);
    private final AtomicLong failures = new AtomicLong();

    private volatile String firstFailure = "";
    private volatile long endNanos;

    RequestReply(Carrier carrier, int outstanding) {
        this.carrier = carrier;
        this.outstanding = outstanding;
    }

    Result run(int seconds) throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(outstanding);
        long start = System.nanoTime();
        endNanos = start + TimeUnit.SECONDS.toNanos(seconds);
        byte[] payload = new byte[PAYLOAD_BYTES];
        for (int i = 0; i < outstanding; i++) {
            next(payload, ended);
        }

        if (!ended.await(seconds + PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            onFailure(new IllegalStateException(ended.getCount() + " requests were never answered"));
        }
        var histogram = latencies.getIntervalHistogram();
        long nanos = TimeUnit.SECONDS.toNanos(seconds);
        return Result.of(histogram.getTotalCount(), nanos, histogram, failures.get(), firstFailure);
    }

    private void next(byte[] payload, CountDownLatch ended) {
        long sent = System.nanoTime();
        carrier.request(payload, failure -> onReply(payload, sent, failure, ended));
    }

    private void onReply(byte[] payload, long sent, @Nullable Throwable failure, CountDownLatch ended) {
        if (failure != null) {
            onFailure(failure);
            ended.countDown();
            return;
        }
        long now = System.nanoTime();
        if (now >= endNanos) {
            ended.countDown();
            return;
        }
        latencies.recordValue(now - sent);
        next(payload, ended);
    }

    private void onFailure(Throwable failure) {
        if (failures.getAndIncrement() == 0) {
            firstFailure = failure.toString();
        }
    }
}
