package io.dray.agent;

import com.google.protobuf.ByteString;
import io.dray.core.wire.FrameWalker;
import io.dray.types.v1.DeliveryClass;
import io.dray.types.v1.Envelope;
import org.jspecify.annotations.Nullable;

/**
 * The head of a message to send, shared by all messages that differ in type and payload alone, with its bytes kept so
 * that they are made once. Immutable.
 */
final class Template implements Head {
    static final Template EMPTY = new Template(Envelope.getDefaultInstance());

    private final Envelope envelope;
    private volatile @Nullable Prepared prepared;

    /** What does not change from message to message: the destination, and the fields that nothing overrides. */
    record Prepared(Route to, Links links, ByteString rest, int bytes, String orderingKey, boolean isAtLeastOnce) {}

    private Template(Envelope envelope) {
        this.envelope = envelope;
    }

    /** Takes an envelope without type, content type and payload. */
    static Template of(Envelope envelope) {
        return new Template(envelope);
    }

    @Override
    public Envelope envelope() {
        return envelope;
    }

    @Override
    public long session() {
        return envelope.getSession();
    }

    @Override
    public long sequence() {
        return envelope.getSequence();
    }

    @Override
    public int hops() {
        return envelope.getHops();
    }

    Prepared prepared() {
        Prepared known = prepared;
        if (known == null) {
            known = new Prepared(
                    new Route(envelope.getTo()),
                    Links.of(envelope),
                    rest(envelope.toByteArray()),
                    envelope.getSerializedSize(),
                    envelope.getOrderingKey(),
                    envelope.getDeliveryClass() == DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE);
            prepared = known;
        }
        return known;
    }

    /** Returns the fields that {@link EnvelopeWriter} does not write itself. */
    private static ByteString rest(byte[] all) {
        var kept = new WireBuffer(all.length);
        var walker = new FrameWalker().start(all, 0, all.length);
        while (walker.next()) {
            if (!EnvelopeWriter.writes(walker.field())) {
                kept.append(all, walker.fieldStart(), walker.fieldEnd() - walker.fieldStart());
            }
        }
        return ByteString.copyFrom(kept.bytes(), 0, kept.size());
    }
}
