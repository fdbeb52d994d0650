package io.dray.bench.load;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * Counts the messages that arrive, each once, at one agent or at many of this process, and confirms them in groups
 * through the first. Its lock is held for a few instructions only.
 */
final class Sink {
    private static final int DIGITS = 3;
    private static final long MAX_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final long POLL_MILLIS = 5;

    /** In floods of small messages, of which so many share a time, the clock would cost as much as a message. */
    private static final int SAMPLE_EVERY = Messages.MESSAGES_PER_CLOCK;

    private static final int SAMPLED_FROM = 256;

    private final Carrier confirmer;

    private Histogram latencies = new Histogram(MAX_NANOS, DIGITS);
    private final List<Arrivals> receivers = new ArrayList<>();
    private long received;
    private long duplicates;
    private int run;
    /** When the last report was: what was sent before is late, and was told as missing. */
    private long reportedNanos = System.nanoTime();

    private int unconfirmed;
    private long firstNanos;
    private long lastNanos;

    Sink(Carrier confirmer) {
        this.confirmer = confirmer;
    }

    /** Adds an agent that each message comes to; what handles its messages, on any thread. */
    synchronized Consumer<ByteBuffer> receiver() {
        var arrivals = new Arrivals();
        receivers.add(arrivals);
        return payload -> onMessage(payload, arrivals);
    }

    private void onMessage(ByteBuffer payload, Arrivals arrivals) {
        long sentNanos = payload.getLong();
        int ofRun = payload.getInt();
        int confirmEvery = payload.getInt();
        int confirm = count(sentNanos, ofRun, confirmEvery, arrivals, payload.getInt());
        if (confirm > 0) {
            byte[] confirmation = new byte[2 * Integer.BYTES];
            ByteBuffer.wrap(confirmation).putInt(ofRun).putInt(confirm);
            confirmer.send(Carrier.CONFIRMATIONS, confirmation);
        }
    }

    /** Waits until as much as expected has come, or nothing more comes for the patience; then starts from zero. */
    Result report(long expected, long patienceMillis) throws InterruptedException {
        long last = -1;
        long giveUp = 0;
        while (received() < expected) {
            long now = System.nanoTime();
            if (received() != last) {
                last = received();
                giveUp = now + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
            } else if (now > giveUp) {
                break;
            }
            Thread.sleep(POLL_MILLIS);
        }
        return takeResult(expected);
    }

    private synchronized long received() {
        return received;
    }

    private synchronized Result takeResult(long expected) {
        long missing = Math.max(0, expected - received);
        Result result = Result.of(
                        expected,
                        received,
                        Math.max(1, lastNanos - firstNanos),
                        missing,
                        missing > 0 ? missing + " messages never arrived" : "",
                        latencies)
                .withDuplicates(duplicates);
        latencies = new Histogram(MAX_NANOS, DIGITS);
        receivers.forEach(Arrivals::clear);
        received = 0;
        duplicates = 0;
        reportedNanos = System.nanoTime();
        return result;
    }

    private synchronized int count(long sentNanos, int ofRun, int confirmEvery, Arrivals arrivals, int number) {
        if (sentNanos - reportedNanos < 0) {
            return 0;
        }
        if (!arrivals.add(number)) {
            duplicates++;
            return 0;
        }
        if (confirmEvery < SAMPLED_FROM || received % SAMPLE_EVERY == 0) {
            lastNanos = System.nanoTime();
            latencies.recordValue(Math.clamp(lastNanos - sentNanos, 0, MAX_NANOS));
        }
        if (received++ == 0) {
            firstNanos = lastNanos;
        }
        if (ofRun != run) {
            run = ofRun;
            unconfirmed = 0;
        }
        if (confirmEvery == 0 || ++unconfirmed < confirmEvery) {
            return 0;
        }
        unconfirmed = 0;
        return confirmEvery;
    }
}
