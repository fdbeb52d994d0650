package io.dray.agent;

import io.dray.agent.v1.AttachRequest;
import io.dray.core.wire.Addresses;
import io.dray.types.v1.Error;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is about to leave: lanes, what is parked for blocked destinations, and the frames it goes in. Loop only. */
final class Departures implements Parking.Owner {
    /*
     * Messages for a blocked destination are parked there, so that they hold up nobody else; once it is free they go
     * back to the front of their lanes, which keeps their order.
     */
    /** For what rides beside envelopes. */
    static final int CONTROL_BYTES = 64 * 1024;

    private final int frameBytes;
    private final int frameEnvelopes;
    private final int keptBytes;
    private final Room room;
    private final Destinations destinations;
    private final Unfinished unfinished;
    private final OutgoingBlobs blobs;
    private final SidecarPort port;
    private final List<FramePart> parts;
    private final SendWindow window = new SendWindow();
    private final Lanes<Outgoing> lanes = new Lanes<>();
    private final EnvelopeWriter writer = new EnvelopeWriter();
    private final AttachRequest.Builder control = AttachRequest.newBuilder();
    private OutFrame frame;
    private final Parking parking;
    private final Runnable onStuck;
    private @Nullable Outgoing carried;
    private long nowMicros;

    /** Creates them with nothing that waits; {@code onStuck} hears when a destination no longer holds up deliveries. */
    Departures(
            Buffers buffers,
            Room room,
            Destinations destinations,
            Unfinished unfinished,
            OutgoingBlobs blobs,
            SidecarPort port,
            List<FramePart> parts,
            Timers timers,
            Runnable onStuck) {
        this.frameBytes = buffers.frame();
        this.frameEnvelopes = buffers.envelopes();
        // A chunk may ride in a small frame too.
        this.keptBytes = 2 * Math.max(frameBytes, CONTROL_BYTES);
        this.frame = newFrame();
        this.room = room;
        this.destinations = destinations;
        this.unfinished = unfinished;
        this.blobs = blobs;
        this.port = port;
        this.parts = parts;
        this.onStuck = onStuck;
        this.parking = new Parking(timers, buffers.outbox(), this);
    }

    /** Whether replies are parked for somebody who may take them soon, so that nothing more should be caused. */
    boolean isCrowded() {
        return parking.isCrowded();
    }

    @Override
    public void onCut(Outgoing message) {
        message.isQueued = false;
        unfinished.drop(message, fullError(message));
    }

    @Override
    public void onStuck() {
        onStuck.run();
    }

    @Override
    public long nowNanos() {
        unfinished.readClocks();
        return unfinished.nowNanos();
    }

    SendWindow window() {
        return window;
    }

    boolean isEmpty() {
        return lanes.size() == 0 && carried == null;
    }

    /** Takes a message that was counted in the room. */
    void admit(Outgoing message) {
        if (message.isSettled) {
            room.remove(message.bytes);
            return;
        }
        unfinished.admit(message);
        message.isQueued = true;
        lanes.addLast(message.lane(), message);
    }

    /** Writes frames while there is something to write and the stream takes them. */
    void write() {
        while (port.isReady() && writeFrame()) {
            // Each turn has written one frame.
        }
    }

    void dropAll(Error error) {
        for (Outgoing message = takeNext(); message != null; message = takeNext()) {
            drop(message, error);
        }
    }

    /** Puts what was parked in a lane for a destination in front again. */
    void release(Destination destination, int lane) {
        Deque<Outgoing> parked = parking.remove(destination, lane);
        for (Iterator<Outgoing> last = parked.descendingIterator(); last.hasNext(); ) {
            Outgoing message = last.next();
            room.add(message.bytes);
            lanes.addFirst(lane, message);
        }
    }

    /** Puts written messages in front again, the oldest first. */
    void sendAgain(List<Outgoing> messages) {
        for (Outgoing message : messages.reversed()) {
            room.add(message.bytes);
            message.isQueued = true;
            lanes.addFirst(message.lane(), message);
        }
    }

    private boolean writeFrame() {
        unfinished.readClocks();
        nowMicros = unfinished.nowMicros();
        int used = 0;
        for (FramePart part : parts) {
            used += part.moveTo(control, CONTROL_BYTES - used);
        }
        if (used > 0) {
            frame.add(control.build());
            control.clear();
        }
        addEnvelopes();
        blobs.addTo(frame);
        if (frame.buffer.size() == 0) {
            return false;
        }
        port.write(frame);
        if (frame.isCopied() && frame.buffer.bytes().length <= keptBytes) {
            frame.clear();
        } else {
            frame = newFrame();
        }
        return true;
    }

    /** Adds envelopes up to the limits of a frame, or one larger one alone. */
    private void addEnvelopes() {
        WireBuffer buffer = frame.buffer;
        long written = 0;
        for (int count = 0; count < frameEnvelopes && buffer.size() < frameBytes && window.isOpen(); count++) {
            Outgoing message = next();
            if (message == null) {
                break;
            }
            int start = buffer.size();
            if (start > 0 && start + message.bytes > 2 * frameBytes) {
                carried = message;
                break;
            }
            unfinished.number(message);
            OutgoingBlob large = message.large;
            if (large != null) {
                blobs.number(large);
            }
            int size = writer.write(message, unfinished.from(), buffer);
            if (start > 0 && buffer.size() > frameBytes) {
                buffer.truncate(start);
                carried = message;
                break;
            }
            window.onSent(size);
            written += message.bytes;
            message.isQueued = false;
            if (large != null) {
                blobs.begin(large, message.sequence());
            }
            unfinished.onWritten(message);
        }
        room.remove(written);
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
        int lane = message.lane();
        // A resend has its place in the span already; only Flow holds it back, and then it may as well be refused.
        Destination destination = destinations.areAllFree(lane) || message.isWritten
                ? null
                : destinations.blocked(message.to.address(), lane);
        if (destination == null) {
            return false;
        }
        room.remove(message.bytes);
        if (!parking.add(destination, message)) {
            onCut(message);
        }
        return true;
    }

    private static Error fullError(Outgoing message) {
        return Errors.full(Addresses.text(message.to.address()), "The destination stays full.");
    }

    private OutFrame newFrame() {
        return new OutFrame(frameBytes + frameBytes / 4);
    }
}
