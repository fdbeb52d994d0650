package io.dray.agent;

import com.google.protobuf.ByteString;
import io.dray.core.net.LaneSchedule;
import io.dray.core.wire.MessageId;
import io.dray.types.v1.Kind;
import io.dray.types.v1.ReceiptLevel;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way out, from the caller's thread to the loop; its own handle when no receipt is wished. All fields
 * belong to the loop once it is in the outbox, but for the id, which anybody may ask for.
 *
 * <pre>
 *   waiting --number--> numbered --written--> sent --settle--> settled
 *      |                    ^                   |
 *      +--settle (late,     +-- resend (AT_LEAST_ONCE)
 *         cancelled)
 * </pre>
 */
final class Outgoing extends Timers.Timer implements SendHandle {
    private static final VarHandle SEQUENCE;

    static {
        try {
            SEQUENCE = MethodHandles.lookup().findVarHandle(Outgoing.class, "sequence", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Unfinished owner;
    final Template.Prepared head;
    final String type;
    final String contentType;
    final byte kind;
    ByteString payload;

    // Set by who makes it.
    Route to;
    Links links;
    byte priority;
    byte receipt;
    int bytes;
    long deadlineMicros;

    @Nullable
    SentMessage receipts;

    @Nullable
    ReplyFuture reply;

    /** Its payload if that leaves as chunks, beside {@code payload}, which may be let go earlier. */
    @Nullable
    OutgoingBlob large;

    // Of the loop.
    @Nullable
    Outgoing next;

    boolean isQueued;
    boolean isSettled;
    boolean isWritten;
    int resends;
    long session;
    private long sequence;
    long ordinal;

    @Nullable
    Destination destination;

    Outgoing(Unfinished owner, Kind kind, Template template, Message content) {
        this.owner = owner;
        this.head = template.prepared();
        this.type = content.type();
        this.contentType = content.contentType();
        this.payload = content.payload();
        this.kind = (byte) kind.getNumber();
        this.to = head.to();
        this.links = head.links();
        this.priority = (byte) template.envelope().getPriorityValue();
        this.receipt = (byte) template.envelope().getReceiptValue();
        this.deadlineMicros = template.envelope().getDeadlineUnixMicros();
    }

    int lane() {
        return LaneSchedule.laneOf(priority);
    }

    boolean isAtLeastOnce() {
        return head.isAtLeastOnce();
    }

    /** Whether somebody waits to hear what became of it. */
    boolean isTracked() {
        return reply != null || receipts != null;
    }

    boolean isExpired(long nowMicros) {
        return deadlineMicros != 0 && nowMicros >= deadlineMicros;
    }

    long sequence() {
        return sequence;
    }

    /** Gives it its id. */
    void number(long ofSession, long newSequence) {
        session = ofSession;
        // Last, and for all to see: with it the session is known.
        SEQUENCE.setRelease(this, newSequence);
    }

    @Override
    public Optional<MessageId> id() {
        long known = (long) SEQUENCE.getAcquire(this);
        return known == 0 ? Optional.empty() : Optional.of(new MessageId(session, known));
    }

    @Override
    public CompletableFuture<Receipt> accepted() {
        return SentMessage.notAsked(ReceiptLevel.RECEIPT_LEVEL_UNSPECIFIED, ReceiptLevel.RECEIPT_LEVEL_ACCEPTED);
    }

    @Override
    public CompletableFuture<Receipt> delivered() {
        return SentMessage.notAsked(ReceiptLevel.RECEIPT_LEVEL_UNSPECIFIED, ReceiptLevel.RECEIPT_LEVEL_DELIVERED);
    }

    @Override
    public CompletableFuture<Receipt> done() {
        return SentMessage.notAsked(ReceiptLevel.RECEIPT_LEVEL_UNSPECIFIED, ReceiptLevel.RECEIPT_LEVEL_DONE);
    }

    @Override
    void onDue() {
        owner.onDue(this);
    }
}
