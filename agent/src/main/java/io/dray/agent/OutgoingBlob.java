package io.dray.agent;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/** The payload of one message that is sent as chunks, and how far it has come. Belongs to the loop. */
final class OutgoingBlob {
    final int size;
    ByteString payload;
    final boolean isKept;

    /** The reply that it belongs to: of a reply that is refused the requester has to hear. */
    @Nullable
    Outgoing reply;

    long id;
    long sequence;
    long sent;
    long allowed;
    boolean isUnderWay;
    boolean isReady;
    boolean isCounted;

    /** Whether a part of it has left since its message was last looked at for silence. */
    boolean hasMoved;

    /**
     * Creates it before anything is sent.
     *
     * @param isKept whether it may be sent again, so that it counts until its message is settled
     */
    OutgoingBlob(ByteString payload, boolean isKept) {
        this.payload = payload;
        this.size = payload.size();
        this.isKept = isKept;
    }

    long left() {
        return size - sent;
    }
}
