package io.dray.core.net;

import io.grpc.Context;
import org.jspecify.annotations.Nullable;

/**
 * How much of what a call was answered its client takes. HTTP/2 sends no more than the client's windows allow; the rest
 * waits in gRPC's buffers, which say nothing before a whole buffer, up to 1 MiB of a message, has gone. Thread-safe;
 * counted by the event loop of the connection.
 */
public final class Outflow {
    private static final Context.Key<Outflow> CURRENT = Context.key("dray-outflow");
    private static final Outflow IN_PROCESS = new Outflow(null, 0);

    private final @Nullable ConnectionHandler connection;
    private final int stream;
    private volatile boolean counted;
    private volatile long takenBytes;
    private volatile boolean closed;
    private int window;

    Outflow(@Nullable ConnectionHandler connection, int stream) {
        this.connection = connection;
        this.stream = stream;
    }

    /** Returns the outflow of the call that runs now; one that never takes anything, nor ends, in-process. */
    public static Outflow current() {
        @Nullable Outflow outflow = CURRENT.get();
        return outflow == null ? IN_PROCESS : outflow;
    }

    /** Returns how many bytes the client has taken since this was asked first, or soon after. */
    public long takenBytes() {
        ConnectionHandler present = connection;
        if (!counted && present != null) {
            counted = true;
            present.count(this);
        }
        return takenBytes;
    }

    /** Resets the call's stream, whatever waits in it: its client hears RESOURCE_EXHAUSTED, the service a cancellation. */
    public void reset(String why) {
        ConnectionHandler present = connection;
        if (present != null) {
            present.reset(stream, why);
        }
    }

    Context in(Context context) {
        return context.withValue(CURRENT, this);
    }

    int stream() {
        return stream;
    }

    /** Notes that the call is over. */
    void closed() {
        closed = true;
        ConnectionHandler present = connection;
        if (counted && present != null) {
            present.countNoMore(this);
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** The client allows so much now. */
    void allowed(int windowBytes) {
        window = windowBytes;
    }

    /** So much is left of what the client allowed, and it has allowed no more meanwhile: the rest was sent. */
    void left(int windowBytes) {
        long before = takenBytes;
        takenBytes = before + Math.max(0, (long) window - windowBytes);
        window = windowBytes;
    }
}
