package io.dray.agent;

import com.google.protobuf.InvalidProtocolBufferException;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.dray.types.v1.HopNote;
import io.dray.types.v1.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way in: gives each delivery of a frame to its reply, handler or refusal. Frames come on the loop; outcomes are
 * reported from any thread.
 */
final class Inbox implements IncomingBlobs.Listener {
    private static final HopNote NO_NOTE = HopNote.getDefaultInstance();

    private final AgentSpec agent;
    private final Topics topics;
    private final Outbox outbox;
    private final Drafts drafts;
    private final ReceiptRuns receipts;
    private final ReceiveWindow window;
    private final IncomingBlobs blobs;
    private final HandlerThreads threads;
    private final Supplier<Mesh> mesh;
    private final Redeliveries redeliveries = new Redeliveries();
    private int stream;

    Inbox(
            AgentSpec agent,
            int concurrency,
            Topics topics,
            Outbox outbox,
            Drafts drafts,
            Parts parts,
            Supplier<Mesh> mesh) {
        this.agent = agent;
        this.topics = topics;
        this.outbox = outbox;
        this.drafts = drafts;
        this.receipts = parts.receipts;
        this.window = parts.window;
        this.blobs = parts.blobs;
        this.mesh = mesh;
        this.threads = new HandlerThreads(concurrency, this::onTaken);
        blobs.listen(this);
    }

    /** What the inbox says beside envelopes. */
    record Parts(ReceiptRuns receipts, ReceiveWindow window, IncomingBlobs blobs) {}

    HandlerThreads threads() {
        return threads;
    }

    Mesh mesh() {
        return mesh.get();
    }

    Drafts drafts() {
        return drafts;
    }

    /** Starts over with the delivery numbers of a new stream. Loop only. */
    void restart(int newStream) {
        stream = newStream;
        blobs.restart();
    }

    /** Takes the chunks of one frame. Loop only. */
    void onChunks(ReceivedFrame frame) {
        for (int i = 0; i < frame.chunks(); i++) {
            blobs.onChunk(frame.bytes(), frame.chunkStart(i), frame.chunkLength(i));
        }
    }

    /**
     * Takes the deliveries of one frame. Loop only.
     *
     * @throws InvalidProtocolBufferException when an envelope of it cannot be read; those before it are taken
     */
    void onFrame(ReceivedFrame frame) throws InvalidProtocolBufferException {
        int count = frame.count();
        if (count == 0) {
            return;
        }
        List<Delivery> queued = new ArrayList<>();
        long handledBytes = 0;
        int handled = 0;
        var notes = new Notes(frame.control().getNotesList());
        for (int i = 0; i < count; i++) {
            Incoming incoming = frame.envelope(i);
            if (incoming.isLarge()) {
                begin(new IncomingBlobs.Whole(incoming, notes.at(i), frame.firstDelivery() + i, stream));
                continue;
            }
            Delivery delivery = deliver(incoming, notes.at(i), frame.firstDelivery() + i);
            if (delivery != null) {
                queued.add(delivery);
            } else {
                handled++;
                handledBytes += incoming.length();
            }
        }
        if (!queued.isEmpty()) {
            threads.offer(queued);
        }
        if (window.onTaken(stream, handled, handledBytes)) {
            outbox.requestDrain();
        }
    }

    @Override
    public void onWhole(IncomingBlobs.Whole whole) {
        Delivery delivery = deliver(whole.incoming(), whole.note(), whole.number());
        if (delivery != null) {
            threads.offer(List.of(delivery));
        } else {
            onTaken(whole);
        }
    }

    @Override
    public void onDropped(IncomingBlobs.Whole whole, @Nullable Error refusal) {
        if (refusal != null) {
            receipts.refused(whole.stream(), whole.number(), refusal);
            outbox.requestDrain();
        }
        onTaken(whole);
    }

    /** Reports that a delivery's handler has returned. */
    void onDone(Delivery delivery) {
        blobs.release(delivery.incoming());
        if (delivery.isAboveAtMostOnce()) {
            redeliveries.done(delivery);
        }
        if (delivery.wantsDone()) {
            Delivery.Ticket ticket = delivery.done();
            receipts.done(ticket.stream(), ticket.number());
            outbox.requestDrain();
        }
    }

    /** Reports that a delivery's handler threw: to the requester in a reply, to the sender of an event in a receipt. */
    void onFailed(Delivery delivery, Error error) {
        if (delivery.isRequest()) {
            delivery.fail(error);
            onDone(delivery);
            return;
        }
        refuse(delivery, error);
    }

    void send(Outgoing reply) {
        outbox.queue(reply);
    }

    /** Handles one at once, or returns it to be queued for a thread. */
    private @Nullable Delivery deliver(Incoming incoming, HopNote note, long number) {
        return switch (incoming.kind()) {
            case KIND_REPLY -> {
                outbox.unfinished().onReply(incoming, note);
                acknowledge(incoming, number);
                yield null;
            }
            case KIND_CANCEL -> {
                threads.cancel(incoming.causeId());
                acknowledge(incoming, number);
                yield null;
            }
            case KIND_UNSPECIFIED, KIND_EVENT, KIND_REQUEST, UNRECOGNIZED -> handle(incoming, note, number);
        };
    }

    private @Nullable Delivery handle(Incoming incoming, HopNote note, long number) {
        var handlers = handlers(incoming, note);
        var delivery = new Delivery(this, incoming, note, stream, number, handlers);
        if (handlers.isEmpty()) {
            onFailed(delivery, noHandler(incoming));
            return null;
        }
        if (incoming.isZstd()) {
            onFailed(delivery, unsupported());
            return null;
        }
        if (delivery.isAboveAtMostOnce() && isKnown(delivery)) {
            blobs.release(incoming);
            return null;
        }
        if (agent.isInline()) {
            delivery.run();
            return null;
        }
        return delivery;
    }

    /** Whether the message came before; its outcome is then told for this delivery too. */
    private boolean isKnown(Delivery delivery) {
        return switch (redeliveries.offer(delivery)) {
            case Redeliveries.Earlier.None _ -> false;
            case Redeliveries.Earlier.Running earlier -> {
                earlier.delivery().onRedelivered(delivery.ticket());
                yield true;
            }
            case Redeliveries.Earlier.Done _ -> {
                onDone(delivery);
                yield true;
            }
        };
    }

    private List<MessageHandler> handlers(Incoming incoming, HopNote note) {
        String topic = incoming.topic();
        return topic == null ? agent.messageHandlers(incoming.type()) : topics.handlers(topic, note);
    }

    private void refuse(Delivery delivery, Error error) {
        blobs.release(delivery.incoming());
        if (delivery.isAboveAtMostOnce()) {
            redeliveries.failed(delivery);
        }
        Delivery.Ticket ticket = delivery.ticket();
        receipts.refused(ticket.stream(), ticket.number(), error);
        outbox.requestDrain();
    }

    private void acknowledge(Incoming incoming, long number) {
        if (incoming.isAboveAtMostOnce()) {
            receipts.done(stream, number);
            outbox.requestDrain();
        }
    }

    /** Nobody handles it: its payload need not come. */
    private void begin(IncomingBlobs.Whole whole) {
        boolean isForHandler = whole.incoming().kind() != Kind.KIND_REPLY;
        if (isForHandler && handlers(whole.incoming(), whole.note()).isEmpty()) {
            onDropped(whole, noHandler(whole.incoming()));
        } else {
            blobs.begin(whole);
        }
    }

    private void onTaken(IncomingBlobs.Whole whole) {
        if (window.onTaken(whole.stream(), 1, whole.incoming().length())) {
            outbox.requestDrain();
        }
    }

    private void onTaken(Delivery delivery) {
        if (window.onTaken(delivery.stream(), 1, delivery.incoming().length())) {
            outbox.requestDrain();
        }
    }

    private Error noHandler(Incoming incoming) {
        String topic = incoming.topic();
        return topic == null
                ? Errors.noHandler("messages", "type", incoming.type(), agent.messageTypes())
                : Errors.noHandler("messages", "topic", topic, topics.patterns());
    }

    private static Error unsupported() {
        return MeshError.of(
                Code.CODE_UNSUPPORTED_ENCODING, "The agent takes payloads as they are.", "zstd", "IDENTITY");
    }

    /** Finds the note of each envelope of a frame; notes come sorted, and mostly there are none. */
    private static final class Notes {
        private final List<HopNote> notes;
        private int next;

        Notes(List<HopNote> notes) {
            this.notes = notes;
        }

        HopNote at(int index) {
            while (next < notes.size() && end(notes.get(next)) <= index) {
                next++;
            }
            return next < notes.size() && notes.get(next).getFirst() <= index ? notes.get(next) : NO_NOTE;
        }

        private static long end(HopNote note) {
            return Integer.toUnsignedLong(note.getFirst()) + Math.max(1, Integer.toUnsignedLong(note.getCount()));
        }
    }
}
