package io.dray.agent;

import com.google.protobuf.ByteString;
import io.dray.core.wire.MessageId;
import io.dray.types.v1.Error;
import io.dray.types.v1.HopNote;
import io.dray.types.v1.Kind;
import io.dray.types.v1.Receipt;
import io.dray.types.v1.ReceiptLevel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What was numbered and is not settled: requests without reply, messages without their last receipt, and the held
 * AT_LEAST_ONCE messages, which it sends again until DONE or their deadline. Belongs to the loop.
 *
 * <p>A message leaves it exactly once, by {@link #settle}; only that completes its future or its handle's last level.
 */
final class Unfinished {
    /** Bytes of held AT_LEAST_ONCE messages at which their senders wait, and at which they go on. */
    private static final long HELD_STOP_BYTES = 32L << 20;

    private static final long HELD_GO_ON_BYTES = 16L << 20;

    private final Loop loop;
    private final Timers timers;
    private final Destinations destinations;
    private final ResendPause pauses;
    private final UnheardListener refusals;
    private final OutgoingBlobs blobs;
    private final SequenceMap<Outgoing> bySequence = new SequenceMap<>();
    private final Room held = new Room(HELD_STOP_BYTES, HELD_GO_ON_BYTES);
    private final Consumer<List<Outgoing>> resend;
    private @Nullable Session session;
    private byte[] from = new byte[0];
    private long nextSequence = 1;
    private long nowNanos;
    private long nowMicros;
    private long silenceNanos;
    private long freedBytes;

    /** Messages of which somebody is to hear lower levels than DONE, too. */
    private int heeded;

    /** Creates an empty one; {@code resend} queues messages once more, the first one first. */
    Unfinished(
            Loop loop,
            Timers timers,
            Destinations destinations,
            ResendPause pauses,
            UnheardListener refusals,
            OutgoingBlobs blobs,
            Consumer<List<Outgoing>> resend) {
        this.loop = loop;
        this.timers = timers;
        this.destinations = destinations;
        this.pauses = pauses;
        this.refusals = refusals;
        this.blobs = blobs;
        this.resend = resend;
    }

    /** Returns where senders of AT_LEAST_ONCE wait while too much is held. Any thread. */
    Gate heldRoom() {
        return held.gate();
    }

    /** Returns the bytes of held AT_LEAST_ONCE messages. Any thread. */
    long heldBytes() {
        return held.used();
    }

    /** Whether nothing is waited for. */
    boolean isEmpty() {
        return bySequence.isEmpty();
    }

    /** Reads the clocks for what follows in this turn of the loop: read for each message they would cost as much as it. */
    void readClocks() {
        nowNanos = loop.nanos();
        nowMicros = loop.unixMicros();
        silenceNanos = pauses.afterSilence(0);
    }

    /** The wall clock as it was last read. */
    long nowMicros() {
        return nowMicros;
    }

    /** The clock of durations as it was last read. */
    long nowNanos() {
        return nowNanos;
    }

    /** Takes a new message: from now on its deadline is watched. Its turn has read the clocks. */
    void admit(Outgoing message) {
        if (message.isAtLeastOnce()) {
            message.destination = destinations.of(message.to.address());
            held.add(message.bytes);
        }
        if (message.callbacks != null && message.receipt != ReceiptLevel.RECEIPT_LEVEL_DONE_VALUE) {
            heed(message);
        }
        if (message.isTracked() && message.deadlineMicros != 0) {
            watch(message, Long.MAX_VALUE);
        }
    }

    /** Gives a message new numbers, or on a resend leaves it those that it has. */
    void number(Outgoing message) {
        Session current = session;
        if (current == null) {
            throw new IllegalStateException("no session yet");
        }
        if (message.sequence() != 0 && message.session == current.id()) {
            return;
        }
        long sequence = nextSequence++;
        message.number(current.id(), sequence);
        if (message.destination != null) {
            message.ordinal = destinations.takeOrdinal(message.destination);
        }
        if (message.isTracked()) {
            bySequence.put(sequence, message);
        }
    }

    /** The instance that everything is from. */
    byte[] from() {
        return from;
    }

    /** Notes that a message has left on the present stream. Its turn has read the clocks. */
    void onWritten(Outgoing message) {
        message.isWritten = true;
        if (message.isAtLeastOnce()) {
            watch(message, message.resends == 0 ? silenceNanos : pauses.afterSilence(message.resends));
            return;
        }
        // Only AT_LEAST_ONCE is ever sent again; of a request the number is enough.
        message.payload = ByteString.EMPTY;
    }

    /** Takes receipts for our own sequences. */
    void onReceipt(Receipt receipt) {
        Session current = session;
        if (receipt.getSession() != 0 && current != null && receipt.getSession() != current.id()) {
            return;
        }
        long count = Math.max(1, Integer.toUnsignedLong(receipt.getCount()));
        long end = Math.min(receipt.getFirst() + count, nextSequence);
        if (isForNobody(receipt, end)) {
            return;
        }
        for (long sequence = receipt.getFirst(); sequence < end; sequence++) {
            Outgoing message = bySequence.get(sequence);
            if (message != null) {
                onReceipt(message, receipt);
            } else if (receipt.getLevel() == ReceiptLevel.RECEIPT_LEVEL_REFUSED && current != null) {
                Outgoing reply = blobs.onRefused(sequence);
                refusals.onRefused(new MessageId(current.id(), sequence), receipt.getError(), reply);
            }
        }
        freeHeld();
    }

    /** Notes a lower level than DONE for whoever asks later; with nobody asking now, no message needs to be touched. */
    private boolean isForNobody(Receipt receipt, long end) {
        int level = receipt.getLevelValue();
        if (level <= 0 || level >= ReceiptLevel.RECEIPT_LEVEL_DONE_VALUE) {
            return false;
        }
        bySequence.mark(receipt.getFirst(), end - 1, level - 1);
        return heeded == 0;
    }

    /** Sees to it that whoever asked about a message hears what is and becomes known. Any thread. */
    void hear(Outgoing message) {
        loop.run(() -> {
            if (message.isSettled) {
                message.tellEnd();
                return;
            }
            heed(message);
            tellMarked(message);
        });
    }

    private void tellMarked(Outgoing message) {
        for (int level = ReceiptLevel.RECEIPT_LEVEL_DELIVERED_VALUE; level > 0 && message.sequence() != 0; level--) {
            if (bySequence.isMarked(message.sequence(), level - 1)) {
                message.tell(Objects.requireNonNull(ReceiptLevel.forNumber(level)));
                return;
            }
        }
    }

    /** Takes a reply; one to a request that was given up is dropped. */
    void onReply(Incoming reply, HopNote note) {
        Session current = session;
        Outgoing request = bySequence.get(reply.causeSequence());
        if (current == null || reply.causeSession() != current.id() || request == null || request.reply == null) {
            return;
        }
        settle(request, null);
        freeHeld();
        request.reply.onReply(reply, note);
    }

    /** Gives a request up; says whether somebody may be working on it. */
    boolean cancel(Outgoing request) {
        if (request.isSettled) {
            return false;
        }
        settle(request, null);
        giveUp(request);
        freeHeld();
        return request.isWritten;
    }

    /** Ends a message without success. */
    void refuse(Outgoing message, Error error) {
        if (message.isSettled) {
            return;
        }
        settle(message, error);
        giveUp(message);
        freeHeld();
        if (message.reply != null) {
            message.reply.onRefused(error);
        }
        message.tell(error);
    }

    /** Ends a message that finds no room on its way out; who waits for it as a reply is told so. */
    void drop(Outgoing message, Error error) {
        boolean isReply = message.kind == Kind.KIND_REPLY_VALUE && !message.isFailure && !message.isSettled;
        refuse(message, error);
        if (isReply) {
            refusals.onRefused(
                    new MessageId(message.links.causeSession(), message.links.causeSequence()), error, message);
        }
    }

    void onDue(Outgoing message) {
        readClocks();
        if (message.isExpired(nowMicros)) {
            refuse(message, Errors.expired(message.isWritten ? "before the outcome came." : "in the outbox."));
            return;
        }
        OutgoingBlob large = message.large;
        if (large != null && (large.isUnderWay || large.hasMoved)) {
            // What is being sent is not silence; whether it moves is seen to by the sidecars.
            large.hasMoved = false;
            watch(message, silenceNanos);
            return;
        }
        if (message.isAtLeastOnce() && message.isWritten && !message.isQueued) {
            message.resends++;
            resend.accept(List.of(message));
            return;
        }
        watch(message, Long.MAX_VALUE);
    }

    /** Notes that the stream ended: nothing is sent again before the next one. */
    void onDetached() {
        readClocks();
        blobs.onDetached();
        for (Outgoing message : bySequence.values()) {
            if (message.isAtLeastOnce()) {
                watch(message, Long.MAX_VALUE);
            }
        }
    }

    /** Takes the numbers of a stream, and decides about what the stream before had not settled. */
    void onAttached(Session attached, long receivedThrough) {
        Session before = session;
        session = attached;
        from = attached.instance().getBytes(StandardCharsets.UTF_8);
        if (before == null) {
            return;
        }
        boolean isResumed = before.id() == attached.id();
        boolean isSameSidecar = before.incarnation() == attached.incarnation();
        readClocks();
        List<Outgoing> written = new ArrayList<>();
        for (Outgoing message : bySequence.values()) {
            if (message.isWritten) {
                written.add(message);
            }
        }
        if (!isResumed) {
            renumber();
        }
        List<Outgoing> again = new ArrayList<>();
        for (Outgoing message : written) {
            boolean isTaken = isResumed && message.sequence() <= receivedThrough && !isPartial(message);
            if (message.isAtLeastOnce()) {
                message.resends = 0;
                resume(message, isTaken, again);
            } else if (message.reply == null || !isTaken || !isSameSidecar) {
                refuse(message, Errors.nodeLost());
            }
        }
        resend.accept(again);
    }

    /** Ends everything. */
    void refuseAll(Error error) {
        for (Outgoing message : bySequence.values()) {
            refuse(message, error);
        }
    }

    /** Whether a part of its payload had not left when the last stream ended. */
    private static boolean isPartial(Outgoing message) {
        return message.large != null && message.large.left() > 0;
    }

    private void resume(Outgoing message, boolean isTaken, List<Outgoing> again) {
        if (isTaken) {
            watch(message, silenceNanos);
        } else if (!message.isQueued) {
            again.add(message);
        }
    }

    /** A new session: all that is held gets new numbers when it is sent again, and counts as new for the receiver. */
    private void renumber() {
        nextSequence = 1;
        for (Outgoing message : bySequence.values()) {
            if (message.isAtLeastOnce() || !message.isWritten) {
                bySequence.remove(message.sequence());
                message.number(0, 0);
            }
        }
    }

    private void onReceipt(Outgoing message, Receipt receipt) {
        ReceiptLevel level = receipt.getLevel();
        if (level == ReceiptLevel.RECEIPT_LEVEL_REFUSED) {
            onRefused(message, receipt.getError());
            return;
        }
        if (message.callbacks == null) {
            return;
        }
        if (level.getNumber() >= message.receipt) {
            settle(message, level);
        }
        message.tell(level);
    }

    private void onRefused(Outgoing message, Error error) {
        if (!message.isAtLeastOnce() || !error.getRetryable()) {
            refuse(message, error);
            return;
        }
        message.resends++;
        if (message.large != null) {
            blobs.stop(message.large);
        }
        readClocks();
        watch(message, pauses.afterRefusal(message.resends, error.getRetryAfterMillis()));
    }

    private void heed(Outgoing message) {
        if (!message.isHeeded) {
            message.isHeeded = true;
            heeded++;
        }
    }

    private void settle(Outgoing message, @Nullable Object outcome) {
        if (message.isSettled) {
            return;
        }
        message.end(outcome);
        if (message.isHeeded) {
            heeded--;
        }
        message.payload = ByteString.EMPTY;
        timers.cancel(message);
        if (message.isTracked()) {
            bySequence.remove(message.sequence());
        }
        if (message.destination == null) {
            return;
        }
        if (message.ordinal != 0) {
            destinations.finish(message.destination, message.ordinal);
        }
        freedBytes += message.bytes;
        giveUp(message);
    }

    /** Nothing of its payload is needed any more: of AT_LEAST_ONCE once it is settled, of others when it has failed. */
    private void giveUp(Outgoing message) {
        if (message.large != null) {
            blobs.giveUp(message.large);
        }
    }

    /** Lets senders go on after what was settled, once for a whole run of receipts. */
    private void freeHeld() {
        if (freedBytes > 0) {
            held.remove(freedBytes);
            freedBytes = 0;
            held.openIfRoom();
        }
    }

    /** Looks at a message again after a pause, at the latest when its deadline has passed. */
    private void watch(Outgoing message, long pauseNanos) {
        // Both clocks of one reading: that it is older than now cancels out.
        long leftNanos = Math.max(0, message.deadlineMicros - nowMicros) * 1_000;
        timers.start(message, nowNanos, Math.min(pauseNanos, leftNanos));
    }
}
