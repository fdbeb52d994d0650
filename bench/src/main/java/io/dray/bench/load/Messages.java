package io.dray.bench.load;

import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Messages in one direction from one source. A paced flood is at most {@code unconfirmed} deliveries ahead of what the
 * sink confirmed, so that no system is judged by how much it can hold; an unpaced one asks for no confirmations. One
 * thread sends; confirmations come on the carrier's.
 */
final class Messages {
    static final int MESSAGES_PER_CLOCK = 16;
    private static final int MOST_UNCONFIRMED = 32_768;
    private static final int MOST_UNCONFIRMED_PUBLISHED = 4_096;
    private static final int UNCONFIRMED_BYTES = 16 * 1024 * 1024;
    private static final int GROUPS = 32;

    /** A system that lost messages never has them confirmed; the flood then starts anew. */
    private static final long PATIENCE_MILLIS = 1_000;

    private final Carrier carrier;
    private Semaphore permits = new Semaphore(0);
    private int run;

    Messages(Carrier carrier) {
        this.carrier = carrier;
        carrier.receive(Carrier.CONFIRMATIONS, this::onConfirmation);
    }

    /** Messages at planned times, which they carry. */
    Result open(Work work, Payload payload) {
        int number = startRun(0);
        long start = System.nanoTime();
        long sent = new OpenLoop(new SystemClock())
                .run(
                        work.ratePerS(),
                        work.seconds(),
                        due -> carrier.send(Carrier.MESSAGES, payload.next(due, number, 0)));
        long unsent = Math.round(work.ratePerS() * work.seconds()) - sent;
        return sent(sent, start, unsent, unsent > 0 ? unsent + " messages could not be sent in time" : "");
    }

    /** Messages as fast as they are accepted. */
    Result flood(Work work, Payload payload) throws InterruptedException {
        int most = work.isPaced() ? unconfirmed(work) : work.outstanding();
        int confirmEvery = work.isPaced() ? Math.max(1, most / GROUPS) : 0;
        int atOnce = Math.clamp(most / GROUPS / work.receivers(), 1, MESSAGES_PER_CLOCK);
        int number = startRun(most);
        long start = System.nanoTime();
        long end = start + (long) (work.seconds() * TimeUnit.SECONDS.toNanos(1));
        long sent = 0;
        for (long now = start; now < end; now = System.nanoTime()) {
            if (!permits.tryAcquire(atOnce * work.receivers(), PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                number = startRun(most);
                continue;
            }
            for (int i = 0; i < atOnce; i++) {
                send(work, payload.next(now, number, confirmEvery));
            }
            sent += atOnce;
        }
        return sent(sent, start, 0, "");
    }

    static int unconfirmed(Work work) {
        int most = work.receivers() > 1 ? MOST_UNCONFIRMED_PUBLISHED : MOST_UNCONFIRMED;
        return Math.clamp(UNCONFIRMED_BYTES / work.payloadBytes(), 2 * work.receivers(), most);
    }

    private void send(Work work, byte[] payload) {
        if (work.receivers() > 1) {
            carrier.publish(payload);
        } else {
            carrier.send(Carrier.MESSAGES, payload);
        }
    }

    private synchronized int startRun(int most) {
        permits = new Semaphore(most);
        return ++run;
    }

    private synchronized void onConfirmation(ByteBuffer confirmation) {
        if (confirmation.getInt() == run) {
            permits.release(confirmation.getInt());
        }
    }

    private static Result sent(long messages, long start, long failures, String firstFailure) {
        return Result.of(messages, 0, System.nanoTime() - start, failures, firstFailure, new Histogram(1));
    }
}
