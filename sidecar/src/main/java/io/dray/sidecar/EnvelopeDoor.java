package io.dray.sidecar;

import io.dray.core.wire.EnvelopeWalker;
import io.dray.core.wire.Header;
import io.dray.core.wire.MeshError;
import io.dray.core.wire.WireLimits;
import io.dray.sidecar.blob.Blob;
import io.dray.sidecar.blob.Blobs;
import io.dray.sidecar.blob.ChunkView;
import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.local.LocalAgent;
import io.dray.sidecar.outbound.Forwarder;
import io.dray.sidecar.queue.Destination;
import io.dray.sidecar.queue.Levels;
import io.dray.sidecar.queue.Micros;
import io.dray.sidecar.queue.Parcel;
import io.dray.sidecar.queue.Refusals;
import io.dray.sidecar.replies.ReplyCache;
import io.dray.sidecar.replies.ReplyCache.Verdict;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.dray.types.v1.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The strict door: walks each envelope of an attached agent once, refuses a bad one alone and forwards the others, in
 * runs of those that go the same way.
 *
 * <p>One for each attachment, owned by its loop.
 */
final class EnvelopeDoor {
    private static final int REQUEST = Kind.KIND_REQUEST_VALUE;
    private static final int CANCEL = Kind.KIND_CANCEL_VALUE;

    private final LocalAgent agent;
    private final byte[] instance;
    private final Forwarder forwarder;
    private final WireLimits limits;
    private final Blobs blobs;
    private final ReplyCache replies;
    private final EnvelopeWalker walker;
    private final Header header = new Header();
    private final Parcel parcel = new Parcel();
    private final ParcelReader reader = new ParcelReader();
    private long clockOffsetMicros;
    private boolean isRunOpen;

    EnvelopeDoor(LocalAgent agent, Forwarder forwarder, WireLimits limits, Blobs blobs, ReplyCache replies) {
        this.blobs = blobs;
        this.replies = replies;
        this.agent = agent;
        this.instance = agent.instance().getBytes(StandardCharsets.UTF_8);
        this.forwarder = forwarder;
        this.limits = limits;
        this.walker = new EnvelopeWalker(limits);
        agent.refusalListener(replies);
    }

    /** Sets what is to be added to the agent's clock to get this host's. */
    void clockOffsetMicros(long micros) {
        clockOffsetMicros = micros;
    }

    /**
     * Takes one envelope; it is forwarded at the latest by {@link #flush}, which must come before the frame is let go of.
     *
     * @param offset where its range starts in the frame, tag included
     * @param content where the envelope itself starts
     * @param length of the envelope itself
     * @param nowMicros this host's clock
     */
    void accept(Frame frame, int offset, int content, int length, long nowMicros) {
        Code code = walker.walk(frame.bytes(), content, length, header);
        Error error = code != null ? walker.explain(code, frame.bytes(), header) : check(frame, nowMicros);
        if (error != null) {
            header.forget();
            flush();
            agent.receipt(agent.identity().session(), header.sequence(), Levels.REFUSED, error);
            return;
        }
        boolean isShown = replies.isConcerned(header);
        if (isShown && header.kind() != REQUEST) {
            showAnswer(frame);
        }
        if (isRunOpen && header.isRepeated() && extend(frame, offset, content, length)) {
            return;
        }
        flush();
        fill(frame, offset, content, length);
        if (header.blob() != 0) {
            forwardLarge();
        } else if (isShown && header.kind() == REQUEST) {
            forwardRequest(nowMicros);
        } else {
            isRunOpen = true;
        }
    }

    /** Forwards what was taken. */
    void flush() {
        if (isRunOpen) {
            isRunOpen = false;
            agent.received(parcel.sequence + parcel.count - 1);
            forwarder.forward(parcel);
        }
    }

    /** Takes a chunk of a payload whose envelope came before. */
    void chunk(ChunkView chunk) {
        blobs.chunk(this, agent.identity().session(), chunk);
    }

    /** The stream ended: payloads of which a part came will not be completed. */
    void close() {
        blobs.ownerLost(this, Refusals.nodeLost("the sender's stream ended"), false);
    }

    private void showAnswer(Frame frame) {
        if (header.kind() == CANCEL) {
            replies.onCancel(header);
        } else {
            replies.onReply(header, frame.bytes());
        }
    }

    /** A request that the cache has not looked at may begin a run: those with the same head need not be shown either. */
    private void forwardRequest(long nowMicros) {
        Verdict verdict = replies.onRequest(agent, parcel, nowMicros);
        isRunOpen = verdict != Verdict.TAKEN;
        if (verdict == Verdict.TAKEN) {
            agent.received(parcel.sequence);
        } else if (verdict == Verdict.NOTED) {
            flush();
        }
    }

    private void forwardLarge() {
        agent.received(parcel.sequence);
        Blob blob = blobs.open(parcel, header, this, false);
        if (blob != null) {
            forwarder.forward(parcel);
            blob.routed();
        }
    }

    private @Nullable Error check(Frame frame, long nowMicros) {
        boolean isOwn = header.session() == agent.identity().session();
        if (!isOwn || !(header.isRepeated() || isFromAgent(frame.bytes()))) {
            return forged(frame.bytes());
        }
        Error broken = EnvelopeRules.broken(header, limits);
        if (broken != null) {
            return broken;
        }
        long deadline = header.deadlineUnixMicros();
        if (deadline != 0 && Micros.shifted(Micros.ofWire(deadline), clockOffsetMicros) <= nowMicros) {
            String value = "deadline " + Long.toUnsignedString(deadline) + " us";
            String expected = "later than " + (nowMicros - clockOffsetMicros) + " us, or 0";
            return MeshError.of(Code.CODE_EXPIRED, "the deadline had passed on arrival", value, expected);
        }
        return null;
    }

    private boolean extend(Frame frame, int offset, int content, int length) {
        // By another clock each deadline would have to be noted.
        return clockOffsetMicros == 0
                && parcel.extend(
                        frame,
                        offset,
                        content + length - offset,
                        length,
                        header.sequence(),
                        header.ordinal(),
                        Micros.ofWire(header.deadlineUnixMicros()));
    }

    private void fill(Frame frame, int offset, int content, int length) {
        reader.read(frame, offset, content, length, header, parcel);
        parcel.origin = parcel.destination.kind() == Destination.TOPIC ? agent.publications() : agent;
        parcel.hop = agent.hop();
        if (clockOffsetMicros != 0 && parcel.deadlineMicros != 0) {
            parcel.deadlineMicros = Micros.shifted(parcel.deadlineMicros, clockOffsetMicros);
            parcel.deadlineShifted = true;
        }
    }

    private boolean isFromAgent(byte[] bytes) {
        int from = header.fromOffset();
        return Arrays.equals(bytes, from, from + header.fromLength(), instance, 0, instance.length);
    }

    private Error forged(byte[] bytes) {
        return MeshError.of(
                Code.CODE_FORGED_SENDER,
                "from and session must be those of the attachment",
                EnvelopeRules.claim(bytes, header),
                agent.instance() + " and the session of its Welcome");
    }
}
