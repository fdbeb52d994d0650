package io.dray.sidecar.queue;

import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;

/** The refusals that several rooms say of an envelope, each with the same words everywhere. */
public final class Refusals {
    private static final int MAX_ERROR_BYTES = 4 * 1024;

    private Refusals() {}

    /** The envelope's deadline has passed. */
    public static void expired(Parcel parcel) {
        refuse(
                parcel,
                MeshError.of(
                        Code.CODE_EXPIRED,
                        "the deadline passed before the envelope was delivered",
                        "deadline " + parcel.deadlineMicros + " us",
                        "a deadline in the future, or none"));
    }

    /** The queue for the destination took it not. */
    public static void notQueued(Parcel parcel, LaneQueue.Offer offer) {
        refuse(
                parcel,
                switch (offer) {
                    case NO_MEMORY ->
                        MeshError.of(
                                Code.CODE_MEMORY_FULL,
                                "the sidecar's memory budget is used up; send less at once or raise memory.budget",
                                parcel.length + " B",
                                "room in the memory budget");
                    case CLOSED -> nodeLost("the instance went away");
                    case FULL, QUEUED, QUEUED_PAUSE ->
                        MeshError.of(
                                Code.CODE_MAILBOX_FULL,
                                "the destination's mailbox is full; wait for its Flow or send it less",
                                parcel.destination.toString(),
                                "a mailbox with room");
                });
    }

    /** Nobody answers to the destination. */
    public static void noSuchDestination(Parcel parcel) {
        refuse(
                parcel,
                MeshError.of(
                        Code.CODE_NO_SUCH_DESTINATION,
                        "nobody in the mesh answers to this address now",
                        parcel.destination.toString(),
                        "an attached agent; see `dray agents`"));
    }

    /** What had the envelope went away. */
    public static Error nodeLost(String what) {
        return MeshError.of(Code.CODE_NODE_LOST, what + " before it said what became of the envelope", "", "");
    }

    /** The receiving agent refused and said no more. */
    public static Error withoutReason() {
        return MeshError.of(Code.CODE_HANDLER_FAILED, "the receiving agent refused the envelope without a reason");
    }

    /** Shortens an error that an agent or a peer gave: it shares a frame with what others are told. */
    public static Error bounded(Error error) {
        if (error.getSerializedSize() <= MAX_ERROR_BYTES) {
            return error;
        }
        Code code = error.getCode() == Code.UNRECOGNIZED ? Code.CODE_HANDLER_FAILED : error.getCode();
        Error bounded = MeshError.of(code, error.getMessage(), error.getValue(), error.getExpected());
        return bounded.toBuilder().setRetryable(error.getRetryable()).build();
    }

    /** Tells the sender. */
    public static void refuse(Parcel parcel, Error error) {
        parcel.origin.receipts(parcel.session, parcel.sequence, parcel.count, Levels.REFUSED, error);
    }
}
