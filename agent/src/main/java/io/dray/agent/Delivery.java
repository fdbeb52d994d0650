package io.dray.agent;

import io.dray.core.wire.MeshError;
import io.dray.core.wire.MessageId;
import io.dray.types.v1.Code;
import io.dray.types.v1.DeliveryClass;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Error;
import io.dray.types.v1.HopNote;
import io.dray.types.v1.Kind;
import io.dray.types.v1.ReceiptLevel;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One received message with its handlers: runs them, and says what became of it. Thread-safe. */
final class Delivery implements MessageContext {
    /** Under which number of which stream the sidecar hears of the outcome. */
    record Ticket(int stream, long number) {}

    private final Inbox inbox;
    private final Envelope envelope;
    private final HopNote note;
    private final int stream;
    private final List<MessageHandler> handlers;
    private final AtomicBoolean isAnswered = new AtomicBoolean();
    private @Nullable Thread runner;
    private Ticket ticket;
    private boolean isDone;
    private volatile boolean isCancelled;

    Delivery(Inbox inbox, Envelope envelope, HopNote note, int stream, long number, List<MessageHandler> handlers) {
        this.inbox = inbox;
        this.envelope = envelope;
        this.note = note;
        this.stream = stream;
        this.ticket = new Ticket(stream, number);
        this.handlers = handlers;
    }

    Envelope envelope() {
        return envelope;
    }

    /** Returns the stream that it came on first. */
    int stream() {
        return stream;
    }

    synchronized Ticket ticket() {
        return ticket;
    }

    /** Notes that the handlers have returned; returns where to say so. */
    synchronized Ticket done() {
        isDone = true;
        return ticket;
    }

    /** The same message came again: its outcome is for the new ticket, at once if it is done. */
    void onRedelivered(Ticket again) {
        synchronized (this) {
            ticket = again;
            if (!isDone) {
                return;
            }
        }
        inbox.onDone(this);
    }

    MessageId id() {
        return new MessageId(envelope.getSession(), envelope.getSequence());
    }

    /** Whether the sender keeps it and may send it again. */
    boolean isAboveAtMostOnce() {
        return envelope.getDeliveryClassValue() > DeliveryClass.DELIVERY_CLASS_AT_MOST_ONCE_VALUE;
    }

    /** Whether the sender, or the class, wants to hear that the handler returned. */
    boolean wantsDone() {
        return envelope.getReceipt() == ReceiptLevel.RECEIPT_LEVEL_DONE || isAboveAtMostOnce();
    }

    long deadlineMicros() {
        return note.getDeadlineUnixMicros() != 0 ? note.getDeadlineUnixMicros() : envelope.getDeadlineUnixMicros();
    }

    /** Runs the handlers on this thread and reports the outcome; never throws. */
    void run() {
        if (isCancelled) {
            inbox.onDone(this);
            return;
        }
        var message = Message.received(envelope, note);
        Message outer = Cause.current();
        Cause.set(message);
        try {
            for (MessageHandler handler : handlers) {
                handler.handle(message, this);
            }
            inbox.onDone(this);
        } catch (Throwable failure) {
            inbox.onFailed(this, Errors.handlerFailed(failure));
            if (failure instanceof VirtualMachineError fatal) {
                throw fatal;
            }
        } finally {
            Cause.set(outer);
        }
    }

    /** Runs on a thread that {@link #cancel} may interrupt, without a trace for what the thread does next. */
    void runInterruptibly() {
        synchronized (this) {
            runner = Thread.currentThread();
        }
        try {
            run();
        } finally {
            synchronized (this) {
                runner = null;
            }
            var _ = Thread.interrupted();
        }
    }

    /** Tells the handler that nobody waits for the reply any more. */
    synchronized void cancel() {
        isCancelled = true;
        if (runner != null) {
            runner.interrupt();
        }
    }

    @Override
    public Mesh mesh() {
        return inbox.mesh();
    }

    @Override
    public boolean isRequest() {
        return envelope.getKind() == Kind.KIND_REQUEST;
    }

    @Override
    public Optional<Instant> deadline() {
        long micros = deadlineMicros();
        return micros == 0
                ? Optional.empty()
                : Optional.of(Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1_000));
    }

    @Override
    public int attempt() {
        return note.getAttempt();
    }

    @Override
    public boolean isCancelled() {
        return isCancelled;
    }

    @Override
    public void reply(Object content) {
        if (!isRequest()) {
            return;
        }
        Outgoing reply = inbox.drafts().reply(envelope, deadlineMicros(), Drafts.content(content));
        if (isAnswered.compareAndSet(false, true)) {
            inbox.send(reply);
        }
    }

    @Override
    public void fail(Code code, String message) {
        fail(MeshError.of(code, message));
    }

    /** Answers with an error; does nothing on anything but a request, or after an answer. */
    void fail(Error error) {
        if (isRequest() && isAnswered.compareAndSet(false, true)) {
            inbox.send(inbox.drafts().failure(envelope, deadlineMicros(), error));
        }
    }
}
