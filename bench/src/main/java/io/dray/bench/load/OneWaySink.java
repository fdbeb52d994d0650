package io.dray.bench.load;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Counts what arrives and confirms it in groups. Its lock is held for a few instructions only. */
final class OneWaySink {
    private static final int CONFIRM_EVERY = 1_024;
    private static final int DIGITS = 3;
    private static final long MAX_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final Carrier carrier;

    private Histogram latencies = new Histogram(MAX_NANOS, DIGITS);
    private long received;
    private int unconfirmed;
    private long firstNanos;
    private long lastNanos;

    OneWaySink(Carrier carrier) {
        this.carrier = carrier;
        carrier.receive(OneWaySource.MESSAGES, this::onMessage);
    }

    synchronized Result report() {
        Result result = Result.of(received, Math.max(1, lastNanos - firstNanos), latencies, 0, "");
        latencies = new Histogram(MAX_NANOS, DIGITS);
        received = 0;
        return result;
    }

    private void onMessage(byte[] payload) {
        int confirm = count(ByteBuffer.wrap(payload).getLong());
        if (confirm > 0) {
            byte[] confirmation = new byte[Long.BYTES];
            ByteBuffer.wrap(confirmation).putLong(confirm);
            carrier.send(OneWaySource.CONFIRMATIONS, confirmation);
        }
    }

    private synchronized int count(long sentNanos) {
        lastNanos = System.nanoTime();
        if (received++ == 0) {
            firstNanos = lastNanos;
        }
        latencies.recordValue(Math.clamp(lastNanos - sentNanos, 0, MAX_NANOS));
        if (++unconfirmed < CONFIRM_EVERY) {
            return 0;
        }
        unconfirmed = 0;
        return CONFIRM_EVERY;
    }
}
