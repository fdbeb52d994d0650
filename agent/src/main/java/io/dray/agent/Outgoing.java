package io.dray.agent;

import com.google.protobuf.ByteString;
import io.dray.core.net.LaneSchedule;
import io.dray.core.wire.MessageId;
import io.dray.types.v1.Error;
import io.dray.types.v1.Kind;
import io.dray.types.v1.ReceiptLevel;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way out, from the caller's thread to the loop; its own handle. All fields
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
    private static final VarHandle OUTCOME;

    static {
        try {
            SEQUENCE = MethodHandles.lookup().findVarHandle(Outgoing.class, "sequence", long.class);
            OUTCOME = MethodHandles.lookup().findVarHandle(Outgoing.class, "outcome", Object.class);
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
    /** When it was made, if that is known and was only just; else 0. */
    long madeMicros;

    /** Of a message whose receipts somebody may ask for: who completes the futures. */
    @Nullable
    Callbacks callbacks;

    @Nullable
    ReplyFuture reply;

    /** Its payload if that leaves as chunks, beside {@code payload}, which may be let go earlier. */
    @Nullable
    OutgoingBlob large;

    /** Whether it stands in place of a reply that was refused on its way. */
    boolean isFailure;

    // Of the loop.
    @Nullable
    Outgoing next;

    boolean isQueued;
    boolean isSettled;
    boolean isWritten;
    boolean isHeeded;
    int resends;
    long session;
    private long sequence;
    long ordinal;

    @Nullable
    Destination destination;

    /** What became of it in the end, a ReceiptLevel or an Error; written by the loop for all to see. */
    private volatile @Nullable Object outcome;

    /** What its sender asked for; set once, by whoever asks first. */
    private volatile @Nullable SentMessage asked;

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
        return reply != null || callbacks != null;
    }

    boolean isExpired(long nowMicros) {
        return deadlineMicros != 0 && nowMicros >= deadlineMicros;
    }

    long sequence() {
        return sequence;
    }

    /** Gives it its id. */
    void number(long ofSession, long newSequence) {
        if (sequence != 0) {
            // Whoever reads the new session with the old sequence sees that the sequence changes.
            SEQUENCE.setVolatile(this, 0L);
        }
        session = ofSession;
        // Last, and for all to see: with it the session is known.
        SEQUENCE.setRelease(this, newSequence);
    }

    /** Notes the end, for those who ask later. */
    void end(@Nullable Object with) {
        isSettled = true;
        OUTCOME.setRelease(this, with);
    }

    /** Tells whoever asked how it ended. */
    void tellEnd() {
        Object end = outcome;
        if (end != null) {
            tell(end);
        }
    }

    /** Tells whoever asked what has become known. */
    void tell(Object news) {
        SentMessage asker = asked;
        if (asker == null) {
            return;
        }
        if (news instanceof ReceiptLevel level) {
            asker.onReceipt(level);
        } else if (news instanceof Error error) {
            asker.onRefused(error);
        }
    }

    @Override
    public Optional<MessageId> id() {
        long known = (long) SEQUENCE.getAcquire(this);
        long ofSession = session;
        VarHandle.loadLoadFence();
        return known == 0 || known != sequence ? Optional.empty() : Optional.of(new MessageId(ofSession, known));
    }

    @Override
    public CompletableFuture<Receipt> accepted() {
        return future(ReceiptLevel.RECEIPT_LEVEL_ACCEPTED);
    }

    @Override
    public CompletableFuture<Receipt> delivered() {
        return future(ReceiptLevel.RECEIPT_LEVEL_DELIVERED);
    }

    @Override
    public CompletableFuture<Receipt> done() {
        return future(ReceiptLevel.RECEIPT_LEVEL_DONE);
    }

    private CompletableFuture<Receipt> future(ReceiptLevel level) {
        Callbacks completer = callbacks;
        if (completer == null || level.getNumber() > receipt) {
            int wish = completer == null ? 0 : receipt;
            return SentMessage.notAsked(ReceiptLevel.forNumber(wish), level);
        }
        SentMessage asker = asker(completer);
        tellEnd();
        CompletableFuture<Receipt> future = asker.future(level);
        if (!future.isDone()) {
            owner.hear(this);
        }
        return future;
    }

    private synchronized SentMessage asker(Callbacks completer) {
        SentMessage known = asked;
        if (known == null) {
            known = new SentMessage(this, completer);
            asked = known;
        }
        return known;
    }

    @Override
    void onDue() {
        owner.onDue(this);
    }
}
