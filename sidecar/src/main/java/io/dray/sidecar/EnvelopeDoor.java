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
import io.dray.types.v1.DeliveryClass;
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
    /** Agents that a chain of causes may pass. */
    static final int HOP_LIMIT = 16;

    private static final int AT_LEAST_ONCE = DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE_VALUE;

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
        if (header.sequence() == 0) {
            return error(Code.CODE_BAD_SEQUENCE, "the envelope has no number", "sequence 0", "1 or more");
        }
        if (header.hops() > HOP_LIMIT) {
            String value = "hops " + header.hops();
            return error(Code.CODE_HOP_LIMIT, "the chain of causes is too long: a loop?", value, "at most 16");
        }
        if (header.blob() != 0) {
            String expected =
                    "a payload inside the envelope, at most " + limits.maxEnvelopeBytes() + " B with its header";
            return error(Code.CODE_TOO_LARGE, "payloads as chunks are not taken yet", "blob", expected);
        }
        Error unimplemented = unimplemented();
        if (unimplemented != null) {
            return unimplemented;
        }
        long deadline = header.deadlineUnixMicros();
        if (deadline != 0 && Micros.shifted(Micros.ofWire(deadline), clockOffsetMicros) <= nowMicros) {
            String value = "deadline " + Long.toUnsignedString(deadline) + " us";
            String expected = "later than " + (nowMicros - clockOffsetMicros) + " us, or 0";
            return error(Code.CODE_EXPIRED, "the deadline had passed on arrival", value, expected);
        }
        return header.deliveryClass() == AT_LEAST_ONCE ? checkAtLeastOnce() : null;
    }

    private @Nullable Error unimplemented() {
        if (header.deliveryClass() > AT_LEAST_ONCE) {
            return unimplemented("DURABLE", "AT_MOST_ONCE or AT_LEAST_ONCE");
        }
        if (header.receipt() == Levels.STORED) {
            return unimplemented("receipt STORED", "ACCEPTED, DELIVERED or DONE");
        }
        if (header.deliverAtUnixMicros() != 0) {
            return unimplemented("deliver_at_unix_micros", "0");
        }
        boolean topic = header.addressKind() == Destination.TOPIC;
        if (topic && header.deliveryClass() == AT_LEAST_ONCE) {
            return unimplemented("AT_LEAST_ONCE to a topic", "AT_MOST_ONCE");
        }
        return null;
    }

    private @Nullable Error checkAtLeastOnce() {
        if (header.deadlineUnixMicros() == 0) {
            return error(Code.CODE_MISSING_FIELD, "AT_LEAST_ONCE needs a deadline", "deadline_unix_micros 0", "a time");
        }
        return header.ordinal() == 0
                ? error(Code.CODE_BAD_SEQUENCE, "AT_LEAST_ONCE needs an ordinal", "ordinal 0", "1 or more")
                : null;
    }

    private void fill(Frame frame, int offset, int content, int length) {
        reader.read(frame, offset, content, length, header, parcel);
        parcel.origin = agent;
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
        String from = new String(bytes, header.fromOffset(), header.fromLength(), StandardCharsets.UTF_8);
        return error(
                Code.CODE_FORGED_SENDER,
                "from and session must be those of the attachment",
                from + " session " + Long.toHexString(header.session()),
                agent.instance() + " and the session of its Welcome");
    }

    private static Error unimplemented(String value, String expected) {
        return error(Code.CODE_UNIMPLEMENTED, "this version does not offer it yet", value, expected);
    }

    private static Error error(Code code, String message, String value, String expected) {
        return MeshError.of(code, message, value, expected);
    }
}
