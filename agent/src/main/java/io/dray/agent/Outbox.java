package io.dray.agent;

import io.dray.agent.v1.AttachRequest;
import io.dray.core.net.DeferredDrain;
import io.dray.core.wire.Addresses;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Error;
import io.dray.types.v1.Window;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The bounded way out: any thread puts messages in, one deferred drain on the loop writes them in frames. */
final class Outbox {
    /*
     * Callers push onto a stack without locks and ask for a drain; the drain takes the whole stack, turns it round and
     * puts each message into its lane. What is counted in `room` on the way in is taken off when the message is
     * written, dropped or parked. Messages for a blocked destination are parked there, so that they hold up nobody
     * else; once it is free they go back to the front of their lanes, which keeps their order.
     *
     * Only callers' own sends wait. Replies, receipts and cancels never do, since their handlers may run on the loop;
     * they stay bounded because the inbox grants no new deliveries while the outbox is over its limit.
     */
    static final int STOP_BYTES = 1 << 20;
    static final int GO_ON_BYTES = STOP_BYTES / 2;
    static final int FRAME_BYTES = 64 * 1024;
    static final int FRAME_ENVELOPES = 1_024;

    private final Loop loop;
    private final Destinations destinations;
    private final Unfinished unfinished;
    private final SidecarPort port;
    private final List<FramePart> parts;
    private final DeferredDrain drain;
    private final SendWindow window = new SendWindow();
    private final Lanes<Outgoing> lanes = new Lanes<>();
    private final AtomicReference<@Nullable Outgoing> arrived = new AtomicReference<>();
    private final Room room = new Room(STOP_BYTES, GO_ON_BYTES);
    private volatile @Nullable Error ended;
    private @Nullable Outgoing carried;
    private long nowMicros;

    /** Creates an empty outbox; {@code parts} ride in frames before envelopes. */
    Outbox(
            Loop loop,
            Timers timers,
            ResendPause pauses,
            RefusalListener refusals,
            SidecarPort port,
            List<FramePart> parts) {
        this.loop = loop;
        this.destinations = new Destinations(timers, this::release);
        this.unfinished = new Unfinished(loop, timers, destinations, pauses, refusals, this::sendAgain);
        this.port = port;
        this.parts = parts;
        this.drain = new DeferredDrain(loop.executor(), this::drain);
    }

    Unfinished unfinished() {
        return unfinished;
    }

    Destinations destinations() {
        return destinations;
    }

    SendWindow window() {
        return window;
    }

    /** Whether so much waits to leave that nothing more should be caused. Any thread. */
    boolean isFull() {
        return room.gate().isShut();
    }

    /** Returns the bytes that wait to leave, those for blocked destinations apart. Any thread. */
    long queuedBytes() {
        return room.used();
    }

    /** Asks for a drain, for what rides beside envelopes. Any thread. */
    void requestDrain() {
        drain.request();
    }

    /** Waits for room, then queues. Any thread but an event loop, which gets MAILBOX_FULL instead of waiting. */
    void send(Outgoing message, OnFull onFull, long waitNanos) {
        awaitRoom(message, onFull, waitNanos);
        queue(message);
    }

    /** Queues without waiting. Any thread. */
    void queue(Outgoing message) {
        room.add(message.bytes);
        Outgoing before;
        do {
            before = arrived.get();
            message.next = before;
        } while (!arrived.compareAndSet(before, message));
        // After the push: the drain that this asks for sees the message, and opens the gate again.
        drain.request();
    }

    /** Refuses all that is waiting and, from now on, all that comes. Loop only. */
    void end(Error error) {
        ended = error;
        destinations.restart(false);
        dropAll(error);
        unfinished.refuseAll(error);
        unfinished.heldRoom().open();
        room.gate().open();
    }

    /** Whether nothing waits to be written or heard of. Loop only. */
    boolean isSettled() {
        return arrived.get() == null && lanes.size() == 0 && carried == null && unfinished.isEmpty();
    }

    /** Starts on a new stream. Loop only. */
    void onAttached(Session session, long receivedThrough, boolean isResumed, @Nullable Window granted) {
        window.restart();
        if (granted != null) {
            window.update(granted);
        }
        destinations.restart(!isResumed);
        unfinished.onAttached(session, receivedThrough);
        drain();
    }

    private void awaitRoom(Outgoing message, OnFull onFull, long waitNanos) {
        long startNanos = loop.nanos();
        for (Gate gate = shutGate(message); gate != null; gate = shutGate(message)) {
            if (onFull == OnFull.FAIL || !loop.mayWait()) {
                throw new MeshException(Errors.full(Addresses.text(message.to()), fullReason(gate)));
            }
            long leftNanos = waitNanos - (loop.nanos() - startNanos);
            if (leftNanos <= 0) {
                throw new MeshException(Errors.expired("while waiting for room: " + fullReason(gate)));
            }
            try {
                gate.await(leftNanos);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw new MeshException(Errors.interrupted());
            }
        }
    }

    private @Nullable Gate shutGate(Outgoing message) {
        Error over = ended;
        if (over != null) {
            throw new MeshException(over);
        }
        if (room.gate().isShut()) {
            return room.gate();
        }
        if (message.isAtLeastOnce && unfinished.heldRoom().isShut()) {
            return unfinished.heldRoom();
        }
        Gate destination = destinations.gate(message.to());
        return destination != null && destination.isShut() ? destination : null;
    }

    private String fullReason(Gate gate) {
        if (gate == room.gate()) {
            return "The outbox is full: the sidecar is slow or away.";
        }
        return gate == unfinished.heldRoom()
                ? "Too many bytes of AT_LEAST_ONCE messages are unfinished."
                : "The destination is full or has 4,096 unfinished messages.";
    }

    private void drain() {
        admit();
        Error over = ended;
        if (over != null) {
            dropAll(over);
        }
        while (port.isReady() && writeFrame()) {
            // Each turn has written one frame.
        }
        room.openIfRoom();
    }

    private void admit() {
        Outgoing newest = arrived.getAndSet(null);
        Outgoing oldest = null;
        while (newest != null) {
            Outgoing next = newest.next;
            newest.next = oldest;
            oldest = newest;
            newest = next;
        }
        while (oldest != null) {
            Outgoing next = oldest.next;
            oldest.next = null;
            if (oldest.isSettled) {
                room.remove(oldest.bytes);
            } else {
                unfinished.admit(oldest);
                oldest.isQueued = true;
                lanes.addLast(oldest.lane, oldest);
            }
            oldest = next;
        }
    }

    private void dropAll(Error error) {
        admit();
        for (Outgoing message = takeNext(); message != null; message = takeNext()) {
            drop(message, error);
        }
    }

    private boolean writeFrame() {
        nowMicros = loop.unixMicros();
        var frame = AttachRequest.newBuilder();
        int used = 0;
        for (FramePart part : parts) {
            used += part.moveTo(frame, FRAME_BYTES - used);
        }
        used += addEnvelopes(frame, used);
        if (used == 0) {
            return false;
        }
        port.write(frame.build());
        return true;
    }

    /** Adds envelopes up to the limits of a frame, or one larger one alone; returns their bytes. */
    private int addEnvelopes(AttachRequest.Builder frame, int used) {
        int added = 0;
        for (int count = 0; count < FRAME_ENVELOPES && used + added < FRAME_BYTES && window.isOpen(); count++) {
            Outgoing message = next();
            if (message == null) {
                break;
            }
            Envelope envelope = unfinished.number(message);
            int size = envelope.getSerializedSize();
            if (used + added > 0 && used + added + size > FRAME_BYTES) {
                carried = message;
                break;
            }
            frame.addEnvelopes(envelope);
            added += size;
            window.onSent(size);
            room.remove(message.bytes);
            message.isQueued = false;
            unfinished.onWritten(message);
        }
        return added;
    }

    /** Returns the next message that may leave now; drops and parks what may not. */
    private @Nullable Outgoing next() {
        for (Outgoing message = takeNext(); message != null; message = takeNext()) {
            if (message.isSettled) {
                room.remove(message.bytes);
                message.isQueued = false;
            } else if (message.isExpired(nowMicros)) {
                drop(message, Errors.expired("in the outbox."));
            } else if (!parkIfBlocked(message)) {
                return message;
            }
        }
        return null;
    }

    private @Nullable Outgoing takeNext() {
        Outgoing first = carried;
        carried = null;
        return first == null ? lanes.poll() : first;
    }

    private void drop(Outgoing message, Error error) {
        room.remove(message.bytes);
        message.isQueued = false;
        unfinished.refuse(message, error);
    }

    private boolean parkIfBlocked(Outgoing message) {
        // A resend has its place in the span already; only Flow holds it back, and then it may as well be refused.
        Destination destination =
                destinations.areAllFree() || message.isWritten ? null : destinations.blocked(message.to());
        if (destination == null) {
            return false;
        }
        if (destination.parkedBytes >= STOP_BYTES && !message.isAtLeastOnce) {
            drop(message, Errors.full(Addresses.text(message.to()), "The destination stays full."));
            return true;
        }
        room.remove(message.bytes);
        destination.parkedBytes += message.bytes;
        destination.parked.addLast(message);
        return true;
    }

    private void release(Destination destination) {
        for (Iterator<Outgoing> last = destination.parked.descendingIterator(); last.hasNext(); ) {
            Outgoing message = last.next();
            room.add(message.bytes);
            lanes.addFirst(message.lane, message);
        }
        destination.parked.clear();
        destination.parkedBytes = 0;
        drain.request();
    }

    /** Puts written messages in front again, the oldest first. */
    private void sendAgain(List<Outgoing> messages) {
        for (Outgoing message : messages.reversed()) {
            room.add(message.bytes);
            message.isQueued = true;
            lanes.addFirst(message.lane, message);
        }
        drain.request();
    }
}
