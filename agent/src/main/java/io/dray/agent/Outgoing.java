package io.dray.agent;

import io.dray.core.net.LaneSchedule;
import io.dray.types.v1.Address;
import io.dray.types.v1.DeliveryClass;
import io.dray.types.v1.Envelope;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way out, from the caller's thread to the loop. The fields below the line belong to the loop once
 * it is in the outbox.
 *
 * <pre>
 *   waiting --number--> numbered --written--> sent --settle--> settled
 *      |                    ^                   |
 *      +--settle (late,     +-- resend (AT_LEAST_ONCE)
 *         cancelled)
 * </pre>
 */
final class Outgoing extends Timers.Timer {
    private final Unfinished owner;
    final Envelope.Builder draft;
    final int lane;
    final int bytes;
    final long deadlineMicros;
    final boolean isAtLeastOnce;
    final @Nullable SentMessage receipts;
    final @Nullable ReplyFuture reply;

    @Nullable
    Outgoing next;

    boolean isQueued;
    boolean isSettled;
    boolean isWritten;
    long sequence;
    long ordinal;
    int resends;

    @Nullable
    Envelope envelope;

    @Nullable
    Destination destination;

    Outgoing(
            Unfinished owner,
            Envelope.Builder draft,
            int bytes,
            @Nullable SentMessage receipts,
            @Nullable ReplyFuture reply) {
        this.owner = owner;
        this.draft = draft;
        this.lane = LaneSchedule.laneOf(draft.getPriorityValue());
        this.bytes = bytes;
        this.deadlineMicros = draft.getDeadlineUnixMicros();
        this.isAtLeastOnce = draft.getDeliveryClass() == DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE;
        this.receipts = receipts;
        this.reply = reply;
    }

    Address to() {
        return draft.getTo();
    }

    /** Whether somebody waits to hear what became of it. */
    boolean isTracked() {
        return reply != null || (receipts != null && receipts.isTracked());
    }

    boolean isExpired(long nowMicros) {
        return deadlineMicros != 0 && nowMicros >= deadlineMicros;
    }

    @Override
    void onDue() {
        owner.onDue(this);
    }
}
