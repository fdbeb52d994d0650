package io.dray.agent;

import io.dray.core.wire.MeshError;
import io.dray.core.wire.MessageId;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.dray.types.v1.HopNote;
import io.dray.types.v1.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One received message with its handlers: runs them, and says what became of it. Thread-safe. */
final class Delivery implements MessageContext {
    /** Under which number of which stream the sidecar hears of the outcome. */
    record Ticket(int stream, long number) {}

    private final Inbox inbox;
    private final Incoming incoming;
    private final HopNote note;
    private final int stream;
    private final List<MessageHandler> handlers;
    /** Its place among the remembered ones; theirs. */
    int remembered;

    private @Nullable Thread runner;
    private int ticketStream;
    private long ticketNumber;
    private boolean isAnswered;
    private boolean isDone;
    private volatile boolean isCancelled;

    Delivery(Inbox inbox, Incoming incoming, HopNote note, int stream, long number, List<MessageHandler> handlers) {
        this.inbox = inbox;
        this.incoming = incoming;
        this.note = note;
        this.stream = stream;
        this.ticketStream = stream;
        this.ticketNumber = number;
        this.handlers = handlers;
    }

    Incoming incoming() {
        return incoming;
    }

    /** Returns the stream that it came on first. */
    int stream() {
        return stream;
    }

    synchronized Ticket ticket() {
        return new Ticket(ticketStream, ticketNumber);
    }

    /** Notes that the handlers have returned; returns where to say so. */
    synchronized Ticket done() {
        isDone = true;
        return ticket();
    }

    /** The same message came again: its outcome is for the new ticket, at once if it is done. */
    void onRedelivered(Ticket again) {
        synchronized (this) {
            ticketStream = again.stream;
            ticketNumber = again.number;
            if (!isDone) {
                return;
            }
        }
        inbox.onDone(this);
    }

    MessageId id() {
        return incoming.id();
    }

    /** Whether the sender keeps it and may send it again. */
    boolean isAboveAtMostOnce() {
        return incoming.isAboveAtMostOnce();
    }

    /** Whether the sender, or the class, wants to hear that the handler returned. */
    boolean wantsDone() {
        return incoming.wishesDone() || isAboveAtMostOnce();
    }

    long deadlineMicros() {
        return note.getDeadlineUnixMicros() != 0 ? note.getDeadlineUnixMicros() : incoming.deadlineMicros();
    }

    /** Runs the handlers on this thread and reports the outcome; never throws. */
    void run() {
        if (isCancelled) {
            inbox.onDone(this);
            return;
        }
        var message = Message.received(incoming, note);
        Head outer = Cause.swap(incoming);
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
            var _ = Cause.swap(outer);
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
        return incoming.kind() == Kind.KIND_REQUEST;
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
        Outgoing reply = inbox.drafts().reply(incoming, deadlineMicros(), Drafts.content(content));
        if (answer()) {
            inbox.send(reply);
        }
    }

    @Override
    public void fail(Code code, String message) {
        fail(MeshError.of(code, message));
    }

    /** Whether this is the first answer. */
    private synchronized boolean answer() {
        boolean isFirst = !isAnswered;
        isAnswered = true;
        return isFirst;
    }

    /** Answers with an error; does nothing on anything but a request, or after an answer. */
    void fail(Error error) {
        if (isRequest() && answer()) {
            inbox.send(inbox.drafts().failure(incoming, deadlineMicros(), error));
        }
    }
}
