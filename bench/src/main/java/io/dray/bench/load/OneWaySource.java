package io.dray.bench.load;

import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Sends numbered, time-stamped messages as fast as they are taken, at most {@link #UNCONFIRMED} ahead of what the sink
 * confirmed, so that no system is judged by how much it can hold. One thread sends.
 */
final class OneWaySource {
    static final String MESSAGES = "messages";
    static final String CONFIRMATIONS = "confirmations";
    static final int UNCONFIRMED = 32_768;
    static final int PAYLOAD_BYTES = 100;
    private static final int MESSAGES_PER_CLOCK = 16;

    private final Carrier carrier;
    private final Semaphore permits = new Semaphore(UNCONFIRMED);

    OneWaySource(Carrier carrier) {
        this.carrier = carrier;
        carrier.receive(
                CONFIRMATIONS,
                payload -> permits.release((int) ByteBuffer.wrap(payload).getLong()));
    }

    /** Returns how many messages were sent. */
    long run(int seconds) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        long sent = 0;
        for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
            if (!permits.tryAcquire(MESSAGES_PER_CLOCK, 100, TimeUnit.MILLISECONDS)) {
                continue;
            }
            for (int i = 0; i < MESSAGES_PER_CLOCK; i++) {
                carrier.send(MESSAGES, message(now));
            }
            sent += MESSAGES_PER_CLOCK;
        }
        return sent;
    }

    private static byte[] message(long now) {
        byte[] payload = new byte[PAYLOAD_BYTES];
        ByteBuffer.wrap(payload).putLong(now);
        return payload;
    }
}
