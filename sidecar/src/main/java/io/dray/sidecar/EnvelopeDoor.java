package io.dray.sidecar;

import io.dray.core.wire.EnvelopeWalker;
import io.dray.core.wire.Header;
import io.dray.core.wire.MeshError;
import io.dray.core.wire.WireLimits;
import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.local.LocalAgent;
import io.dray.sidecar.outbound.Forwarder;
import io.dray.sidecar.queue.Destination;
import io.dray.sidecar.queue.Levels;
import io.dray.sidecar.queue.Micros;
import io.dray.sidecar.queue.Parcel;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The strict door: walks each envelope of an attached agent once, refuses a bad one alone and forwards the others.
 *
 * <p>One for each attachment, owned by its loop.
 */
final class EnvelopeDoor {
    private final LocalAgent agent;
    private final byte[] instance;
    private final Forwarder forwarder;
    private final WireLimits limits;
    private final EnvelopeWalker walker;
    private final Header header = new Header();
    private final Parcel parcel = new Parcel();
    private final ParcelReader reader = new ParcelReader();
    private long clockOffsetMicros;

    EnvelopeDoor(LocalAgent agent, Forwarder forwarder, WireLimits limits) {
        this.agent = agent;
        this.instance = agent.instance().getBytes(StandardCharsets.UTF_8);
        this.forwarder = forwarder;
        this.limits = limits;
        this.walker = new EnvelopeWalker(limits);
    }

    /** Sets what is to be added to the agent's clock to get this host's. */
    void clockOffsetMicros(long micros) {
        clockOffsetMicros = micros;
    }

    /**
     * Takes one envelope.
     *
     * @param offset where its range starts in the frame, tag included
     * @param content where the envelope itself starts
     * @param length of the envelope itself
     * @param nowMicros this host's clock
     * @return length of the envelope if it was forwarded, else 0
     */
    int accept(Frame frame, int offset, int content, int length, long nowMicros) {
        Code code = walker.walk(frame.bytes(), content, length, header);
        Error error = code != null ? walker.explain(code, frame.bytes(), header) : check(frame, nowMicros);
        if (error != null) {
            agent.receipt(agent.identity().session(), header.sequence(), Levels.REFUSED, error);
            return 0;
        }
        fill(frame, offset, content, length);
        agent.received(parcel.sequence);
        forwarder.forward(parcel);
        return length;
    }

    private @Nullable Error check(Frame frame, long nowMicros) {
        if (header.session() != agent.identity().session() || !isFromAgent(frame.bytes())) {
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
