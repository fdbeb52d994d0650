package io.dray.agent;

import io.dray.agent.v1.AttachRequest;
import io.dray.types.v1.Window;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * What the sidecar may deliver: what was taken by handlers plus about 5 ms of their pace, so that lanes in the sidecar
 * can still change the order. Granted as totals. Guarded by itself.
 */
final class ReceiveWindow implements FramePart {
    static final int MIN_MESSAGES = 32;
    static final int MIN_BYTES = 64 * 1024;
    private static final int MAX_MESSAGES = 16 * 1024;
    private static final int MAX_BYTES = 4 * 1024 * 1024;
    private static final long PACE_NANOS = 5_000_000;
    private static final int GRANT_BYTES = 12;

    private final LongSupplier nanoTime;
    private final BooleanSupplier withhold;
    private int stream;
    private long messagesTaken;
    private long bytesTaken;
    private long messagesGranted;
    private long bytesGranted;
    private double messages = 2 * MIN_MESSAGES;
    private double bytes = 4.0 * MIN_BYTES;
    private long paceStartNanos;
    private long paceMessages;
    private long paceBytes;

    /** Creates a window that grants nothing while {@code withhold} holds. */
    ReceiveWindow(LongSupplier nanoTime, BooleanSupplier withhold) {
        this.nanoTime = nanoTime;
        this.withhold = withhold;
        this.paceStartNanos = nanoTime.getAsLong();
    }

    /** Starts over on a new stream and returns the first grant. */
    synchronized Window restart(int newStream) {
        stream = newStream;
        messagesTaken = 0;
        bytesTaken = 0;
        messagesGranted = 0;
        bytesGranted = 0;
        paceMessages = 0;
        paceBytes = 0;
        return grant();
    }

    /** Notes what handlers have taken of a stream's deliveries; says whether a new grant is worth a frame. */
    synchronized boolean onTaken(int ofStream, long count, long size) {
        if (ofStream != stream) {
            return false;
        }
        messagesTaken += count;
        bytesTaken += size;
        return isDue();
    }

    @Override
    public synchronized int moveTo(AttachRequest.Builder frame, int room) {
        tune();
        if (!isDue() || withhold.getAsBoolean()) {
            return 0;
        }
        frame.setWindow(grant());
        return GRANT_BYTES;
    }

    private boolean isDue() {
        return messagesTaken + (long) messages - messagesGranted >= (long) (messages / 4)
                || bytesTaken + (long) bytes - bytesGranted >= (long) (bytes / 4);
    }

    private Window grant() {
        // A grant is never taken back, also when the pace has become slower.
        messagesGranted = Math.max(messagesGranted, messagesTaken + (long) messages);
        bytesGranted = Math.max(bytesGranted, bytesTaken + (long) bytes);
        return Window.newBuilder()
                .setMessages(messagesGranted)
                .setBytes(bytesGranted)
                .build();
    }

    private void tune() {
        long now = nanoTime.getAsLong();
        long elapsed = now - paceStartNanos;
        if (elapsed < PACE_NANOS) {
            return;
        }
        double part = (double) PACE_NANOS / elapsed;
        messages = follow(messages, (messagesTaken - paceMessages) * part, MIN_MESSAGES, MAX_MESSAGES);
        bytes = follow(bytes, (bytesTaken - paceBytes) * part, MIN_BYTES, MAX_BYTES);
        paceStartNanos = now;
        paceMessages = messagesTaken;
        paceBytes = bytesTaken;
    }

    /** Grows at once, since the window itself may be what slows the pace; shrinks by an eighth of the way. */
    private static double follow(double size, double measured, double min, double max) {
        double wanted = Math.clamp(measured, min, max);
        return wanted >= size ? wanted : size + (wanted - size) / 8;
    }
}
