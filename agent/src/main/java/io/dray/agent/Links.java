package io.dray.agent;

import com.google.protobuf.ByteString;
import io.dray.types.v1.Envelope;

/** How a message hangs together with others: its conversation and its cause. */
record Links(int hops, long causeSession, long causeSequence, ByteString conversation) {
    static final Links NONE = new Links(0, 0, 0, ByteString.EMPTY);

    static Links of(Envelope envelope) {
        return envelope.getHops() == 0
                        && envelope.getCauseSession() == 0
                        && envelope.getConversationIdBytes().isEmpty()
                ? NONE
                : new Links(
                        envelope.getHops(),
                        envelope.getCauseSession(),
                        envelope.getCauseSequence(),
                        envelope.getConversationIdBytes());
    }

    /** Returns the same conversation with another cause. */
    Links causedBy(Head cause) {
        return new Links(cause.hops() + 1, cause.session(), cause.sequence(), conversation);
    }
}
