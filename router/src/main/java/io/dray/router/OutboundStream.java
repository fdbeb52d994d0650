package io.dray.router;

import com.google.protobuf.MessageLite;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Frames on their way to one client, written only while its stream is ready. Any thread may send; whichever comes first
 * writes for all. Bounded in bytes: a client that does not read is cut off, and holds up nobody. Thread-safe.
 */
final class OutboundStream<T extends MessageLite> {
    private static final long ROOM_BYTES = 4L * 1024 * 1024;
    private static final long MAX_BYTES = 32L * 1024 * 1024;

    private final ServerCallStreamObserver<T> observer;
    private final AtomicInteger writesWanted = new AtomicInteger();
    private final Deque<T> queue = new ArrayDeque<>();
    private long queuedBytes;
    private boolean ended;
    private @Nullable Error failure;
    private boolean closed;

    /** Takes over the writing side of a call; make it before the call's handler returns. */
    OutboundStream(ServerCallStreamObserver<T> observer) {
        this.observer = observer;
        observer.setOnReadyHandler(this::write);
    }

    /** Returns whether little enough is waiting. */
    boolean hasRoom() {
        synchronized (queue) {
            return !ended && queuedBytes < ROOM_BYTES;
        }
    }

    /** Sends a frame after those before it; dropped after the end. */
    void send(T frame) {
        synchronized (queue) {
            if (ended) {
                return;
            }
            queue.add(frame);
            queuedBytes += frame.getSerializedSize();
            if (queuedBytes > MAX_BYTES) {
                endNow(MeshError.of(
                        Code.CODE_TOO_MANY,
                        "The client does not read its stream; connect again.",
                        queuedBytes + " bytes waiting",
                        "at most " + MAX_BYTES));
            }
        }
        write();
    }

    /** Ends the call: after what waits, or at once with an error. Later ends are ignored. */
    void end(@Nullable Error reason) {
        synchronized (queue) {
            if (ended) {
                return;
            }
            if (reason == null) {
                ended = true;
            } else {
                endNow(reason);
            }
        }
        write();
    }

    /** The call is over: nothing can be written any more. */
    void onGone() {
        synchronized (queue) {
            ended = true;
            closed = true;
            drop();
        }
    }

    private void endNow(Error reason) {
        ended = true;
        failure = reason;
        drop();
    }

    private void drop() {
        queue.clear();
        queuedBytes = 0;
    }

    private void write() {
        if (writesWanted.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        while (seen != 0) {
            writeWhileReady();
            seen = writesWanted.addAndGet(-seen);
        }
    }

    private void writeWhileReady() {
        while (observer.isReady()) {
            T next;
            synchronized (queue) {
                next = queue.poll();
                queuedBytes -= next == null ? 0 : next.getSerializedSize();
            }
            if (next == null) {
                break;
            }
            observer.onNext(next);
        }
        close();
    }

    private void close() {
        Error reason;
        synchronized (queue) {
            if (!ended || closed || !queue.isEmpty()) {
                return;
            }
            closed = true;
            reason = failure;
        }
        if (observer.isCancelled()) {
            return;
        }
        if (reason == null) {
            observer.onCompleted();
        } else {
            observer.onError(MeshError.toStatus(reason));
        }
    }
}
