package io.dray.agent;

import io.dray.core.net.DeferredDrain;
import io.dray.core.wire.Addresses;
import io.dray.types.v1.Error;
import io.dray.types.v1.Window;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The bounded way out: any thread puts messages in, one deferred drain on the loop passes them to the departures. */
final class Outbox {
    /*
     * Callers push onto a stack without locks and ask for a drain; the drain takes the whole stack, turns it round and
     * puts each message into its lane. What is counted in `room` on the way in is taken off when the message is
     * written, dropped or parked.
     *
     * Only callers' own sends wait. Replies, receipts and cancels never do, since their handlers may run on the loop;
     * they stay bounded because the inbox grants no new deliveries while the outbox is over its limit, or while replies
     * are parked for a requester that may take them soon.
     */
    private final Loop loop;
    private final Destinations destinations;
    private final Unfinished unfinished;
    private final Departures departures;
    private final OutgoingBlobs blobs = new OutgoingBlobs(this::requestDrain);
    private final DeferredDrain drain;
    private final AtomicReference<@Nullable Outgoing> arrived = new AtomicReference<>();
    private final Room room;
    private volatile @Nullable Error ended;

    /** Creates an empty outbox; {@code parts} ride in frames before envelopes. */
    Outbox(
            Buffers buffers,
            Loop loop,
            Timers timers,
            ResendPause pauses,
            UnheardListener refusals,
            SidecarPort port,
            List<FramePart> parts) {
        this.loop = loop;
        this.room = new Room(buffers.outbox(), buffers.outbox() / 2);
        this.drain = new DeferredDrain(loop.executor(), this::drain);
        this.destinations = new Destinations(timers, this::release);
        this.unfinished = new Unfinished(loop, timers, destinations, pauses, refusals, blobs, this::sendAgain);
        this.departures =
                new Departures(buffers, room, destinations, unfinished, blobs, port, parts, timers, this::requestDrain);
    }

    Unfinished unfinished() {
        return unfinished;
    }

    OutgoingBlobs blobs() {
        return blobs;
    }

    Destinations destinations() {
        return destinations;
    }

    SendWindow window() {
        return departures.window();
    }

    /** Whether so much waits to leave that nothing more should be caused. Loop only. */
    boolean isFull() {
        return room.gate().isShut() || departures.isCrowded();
    }

    /** Returns the bytes that wait to leave, those for blocked destinations apart. Any thread. */
    long queuedBytes() {
        return room.used();
    }

    /** Asks for a drain, for what rides beside envelopes. Any thread. */
    void requestDrain() {
        drain.request();
    }

    /**
     * Waits for room, at most until the message's deadline, then queues. Any thread but an event loop, which gets
     * MAILBOX_FULL instead of waiting.
     *
     * @param patienceNanos how long a message without deadline waits
     */
    void send(Outgoing message, OnFull onFull, long patienceNanos) {
        if (shutGate(message) != null) {
            awaitRoom(message, onFull, patienceNanos);
        }
        queue(message);
    }

    /**
     * Returns the time for a message that is about to be queued. Those that wait for the same drain, which comes at
     * once unless the loop is held up, share one reading: a clock for each cost 4 % of AT_LEAST_ONCE's CPU. Any thread.
     */
    long nowMicros() {
        Outgoing waiting = arrived.get();
        return waiting == null || waiting.madeMicros == 0 ? loop.unixMicros() : waiting.madeMicros;
    }

    /** Queues without waiting. Any thread. */
    void queue(Outgoing message) {
        room.add(message.bytes);
        if (message.large != null) {
            blobs.onQueued(message.large);
        }
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
        admit();
        departures.dropAll(error);
        unfinished.refuseAll(error);
        unfinished.heldRoom().open();
        room.gate().open();
        blobs.room().open();
    }

    /** Whether nothing waits to be written or heard of. Loop only. */
    boolean isSettled() {
        return arrived.get() == null && departures.isEmpty() && unfinished.isEmpty() && blobs.isEmpty();
    }

    /** Starts on a new stream. Loop only. */
    void onAttached(Session session, long receivedThrough, boolean isResumed, @Nullable Window granted) {
        window().restart();
        if (granted != null) {
            window().update(granted);
        }
        destinations.restart(!isResumed);
        unfinished.onAttached(session, receivedThrough);
        drain();
    }

    private void awaitRoom(Outgoing message, OnFull onFull, long patienceNanos) {
        long startNanos = loop.nanos();
        long waitNanos = message.deadlineMicros == 0
                ? patienceNanos
                : TimeUnit.MICROSECONDS.toNanos(message.deadlineMicros - loop.unixMicros());
        for (Gate gate = shutGate(message); gate != null; gate = shutGate(message)) {
            if (onFull == OnFull.FAIL || !loop.mayWait()) {
                throw new MeshException(Errors.full(Addresses.text(message.to.address()), fullReason(gate)));
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
        message.madeMicros = 0;
    }

    private @Nullable Gate shutGate(Outgoing message) {
        Error over = ended;
        if (over != null) {
            throw new MeshException(over);
        }
        if (room.gate().isShut()) {
            return room.gate();
        }
        if (message.isAtLeastOnce() && unfinished.heldRoom().isShut()) {
            return unfinished.heldRoom();
        }
        if (message.large != null && blobs.room().isShut()) {
            return blobs.room();
        }
        int lane = message.lane();
        Gate destination = destinations.areAllFree(lane) ? null : destinations.gate(message.to.address(), lane);
        return destination != null && destination.isShut() ? destination : null;
    }

    private String fullReason(Gate gate) {
        if (gate == room.gate()) {
            return "The outbox is full: the sidecar is slow or away.";
        }
        if (gate == blobs.room()) {
            return "Too many bytes of large payloads are on their way.";
        }
        return gate == unfinished.heldRoom()
                ? "Too many bytes of AT_LEAST_ONCE messages are unfinished."
                : "The destination is full or has 4,096 unfinished messages.";
    }

    private void drain() {
        admit();
        Error over = ended;
        if (over != null) {
            departures.dropAll(over);
        }
        departures.write();
        boolean wasFull = isFull();
        room.openIfRoom();
        if (wasFull && !isFull()) {
            // What held back while this was full, the window for deliveries, leaves although nobody sends any more.
            drain.request();
        }
    }

    private void admit() {
        unfinished.readClocks();
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
            departures.admit(oldest);
            oldest = next;
        }
    }

    private void release(Destination destination, int lane) {
        departures.release(destination, lane);
        drain.request();
    }

    private void sendAgain(List<Outgoing> messages) {
        departures.sendAgain(messages);
        drain.request();
    }
}
