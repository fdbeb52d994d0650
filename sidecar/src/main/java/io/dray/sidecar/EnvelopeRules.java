package io.dray.sidecar;

import io.dray.core.wire.Header;
import io.dray.core.wire.MeshError;
import io.dray.core.wire.WireLimits;
import io.dray.sidecar.blob.Blobs;
import io.dray.sidecar.queue.Destination;
import io.dray.sidecar.queue.Levels;
import io.dray.types.v1.Code;
import io.dray.types.v1.DeliveryClass;
import io.dray.types.v1.Error;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What holds for a walked envelope wherever it comes from, an agent or a peer. Stateless. */
final class EnvelopeRules {
    /** Agents that a chain of causes may pass. */
    static final int HOP_LIMIT = 16;

    private static final int AT_LEAST_ONCE = DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE_VALUE;

    private EnvelopeRules() {}

    /** Returns the rule that an envelope breaks; null for none. */
    static @Nullable Error broken(Header header, WireLimits limits) {
        if (header.sequence() == 0) {
            return error(Code.CODE_BAD_SEQUENCE, "the envelope has no number", "sequence 0", "1 or more");
        }
        if (Integer.compareUnsigned(header.hops(), HOP_LIMIT) > 0) {
            String value = "hops " + Integer.toUnsignedString(header.hops());
            return error(Code.CODE_HOP_LIMIT, "the chain of causes is too long: a loop?", value, "at most 16");
        }
        Error large = header.blob() == 0 ? null : Blobs.broken(header);
        if (large != null) {
            return large;
        }
        Error unimplemented = unimplemented(header);
        if (unimplemented != null) {
            return unimplemented;
        }
        return header.deliveryClass() == AT_LEAST_ONCE ? brokenAtLeastOnce(header) : null;
    }

    /** The sender that an envelope claims, for people. */
    static String claim(byte[] bytes, Header header) {
        String from = new String(bytes, header.fromOffset(), header.fromLength(), StandardCharsets.UTF_8);
        return from + " session " + Long.toHexString(header.session());
    }

    private static @Nullable Error unimplemented(Header header) {
        if (header.deliveryClass() > AT_LEAST_ONCE) {
            return unimplemented("DURABLE", "AT_MOST_ONCE or AT_LEAST_ONCE");
        }
        if (header.receipt() == Levels.STORED) {
            return unimplemented("receipt STORED", "ACCEPTED, DELIVERED or DONE");
        }
        if (header.deliverAtUnixMicros() != 0) {
            return unimplemented("deliver_at_unix_micros", "0");
        }
        return header.addressKind() == Destination.TOPIC ? unimplementedOfTopics(header) : null;
    }

    private static @Nullable Error unimplementedOfTopics(Header header) {
        if (header.deliveryClass() == AT_LEAST_ONCE) {
            return unimplemented("AT_LEAST_ONCE to a topic", "AT_MOST_ONCE");
        }
        // Each subscriber would say another one.
        return header.receipt() == Levels.DELIVERED || header.receipt() == Levels.DONE
                ? unimplemented("a receipt above ACCEPTED of a topic", "ACCEPTED, or none but refusals")
                : null;
    }

    private static @Nullable Error brokenAtLeastOnce(Header header) {
        if (header.deadlineUnixMicros() == 0) {
            return error(Code.CODE_MISSING_FIELD, "AT_LEAST_ONCE needs a deadline", "deadline_unix_micros 0", "a time");
        }
        return header.ordinal() == 0
                ? error(Code.CODE_BAD_SEQUENCE, "AT_LEAST_ONCE needs an ordinal", "ordinal 0", "1 or more")
                : null;
    }

    private static Error unimplemented(String value, String expected) {
        return error(Code.CODE_UNIMPLEMENTED, "this version does not offer it yet", value, expected);
    }

    private static Error error(Code code, String message, String value, String expected) {
        return MeshError.of(code, message, value, expected);
    }
}
