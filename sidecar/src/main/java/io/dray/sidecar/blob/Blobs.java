package io.dray.sidecar.blob;

import io.dray.core.wire.Header;
import io.dray.core.wire.MeshError;
import io.dray.core.wire.WireLimits;
import io.dray.sidecar.queue.Destination;
import io.dray.sidecar.queue.Levels;
import io.dray.sidecar.queue.Parcel;
import io.dray.sidecar.queue.Refusals;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The large payloads whose chunks come through this sidecar now. Thread-safe. */
public final class Blobs {
    /** The largest chunk. */
    public static final int MAX_CHUNK_BYTES = 64 * 1024;

    /** The smallest chunk but for the last one: many small ones would cost more than they bring. */
    public static final int MIN_CHUNK_BYTES = 4 * 1024;

    /** What one agent, or one node, may have under way. */
    private static final int MAX_OF_AGENT = 1_024;

    private static final int MAX_OF_NODE = 16_384;

    /*
     * Both ends of a link have rooms of their own: a payload first gets room at its receiver's sidecar (arriving), then
     * at its sender's (leaving). What has room for leaving waits for nobody's room any more, so two nodes that send each
     * other large payloads cannot wait for one another.
     */
    private final BlobRoom arriving;
    private final BlobRoom leaving;
    private final Limits limits;
    private final LongSupplier nanoTime;
    private final Map<BlobKey, Blob> open = new ConcurrentHashMap<>();
    private final Map<Object, Integer> byOwner = new ConcurrentHashMap<>();

    /**
     * How long payloads are waited for.
     *
     * @param idleNanos without progress, though its sender may send
     * @param unheardNanos without a receiver that takes it
     * @param maxEnvelopeBytes the largest envelope that an agent without chunks takes
     */
    public record Limits(long idleNanos, long unheardNanos, int maxEnvelopeBytes) {
        /** Returns the limits of the contract. */
        public static Limits of(int maxEnvelopeBytes) {
            return new Limits(TimeUnit.SECONDS.toNanos(30), TimeUnit.MINUTES.toNanos(10), maxEnvelopeBytes);
        }
    }

    /** Creates an empty table. */
    public Blobs(BlobRoom arriving, BlobRoom leaving, Limits limits, LongSupplier nanoTime) {
        this.arriving = arriving;
        this.leaving = leaving;
        this.limits = limits;
        this.nanoTime = nanoTime;
    }

    long nowNanos() {
        return nanoTime.getAsLong();
    }

    /** Payloads whose chunks have not all come. */
    public int size() {
        return open.size();
    }

    /** Bytes that chunks and payloads being put together may take now. */
    public long reservedBytes() {
        return arriving.used() + leaving.used();
    }

    /** Returns what is wrong with an envelope whose payload follows; null for nothing. */
    public static @Nullable Error broken(Header header) {
        long bytes = header.blobBytes();
        if (header.payloadLength() > 0) {
            String value = header.payloadLength() + " B in the envelope";
            return MeshError.of(Code.CODE_INVALID_REQUEST, "a payload both inside and as chunks", value, "one of them");
        }
        if (bytes == 0) {
            return MeshError.of(
                    Code.CODE_MISSING_FIELD, "chunks need to say how many bytes", "blob_bytes 0", "1 or more");
        }
        return Long.compareUnsigned(bytes, WireLimits.MAX_PAYLOAD_BYTES) > 0
                ? MeshError.of(
                        Code.CODE_TOO_LARGE,
                        "the payload is too large",
                        Long.toUnsignedString(bytes) + " B",
                        "at most 256 MiB (" + WireLimits.MAX_PAYLOAD_BYTES + " B)")
                : null;
    }

    /**
     * Opens the payload of an envelope that is about to be routed and makes it the envelope's origin; its sender is told
     * when that is not possible.
     *
     * @param owner who its chunks come from: the attached agent or the node
     * @return null when it was refused
     */
    public @Nullable Blob open(Parcel parcel, Header header, Object owner, boolean isNode) {
        var claim = new Claim(
                owner,
                parcel.origin,
                parcel.session,
                parcel.sequence,
                header.blob(),
                header.blobBytes(),
                parcel.deadlineMicros);
        boolean isTopic = parcel.destination.kind() == Destination.TOPIC;
        var blob = new Blob(this, claim, isTopic, isNode, arriving.windowBytes(), nowNanos());
        if (open.putIfAbsent(blob.key(), blob) != null) {
            refuse(parcel, Code.CODE_BAD_SEQUENCE, "the blob is under way already", blob.key() + "", "a new number");
            return null;
        }
        int most = isNode ? MAX_OF_NODE : MAX_OF_AGENT;
        if (byOwner.merge(owner, 1, Integer::sum) > most) {
            remove(blob);
            refuse(
                    parcel,
                    Code.CODE_MEMORY_FULL,
                    "too many large payloads under way",
                    "over " + most,
                    "at most " + most);
            return null;
        }
        parcel.origin = blob;
        return blob;
    }

    /** Takes a chunk; one of a payload that is not known, or not its sender's, is ignored. */
    public void chunk(Object owner, long session, ChunkView view) {
        Blob blob = open.get(new BlobKey(session, view.blob));
        if (blob != null && blob.claim().owner().equals(owner)) {
            blob.chunk(view);
        }
    }

    /** Ends what an agent or node has under way: its stream is gone. */
    public void ownerLost(Object owner, Error error, boolean tells) {
        if (!byOwner.containsKey(owner)) {
            return;
        }
        for (Blob blob : List.copyOf(open.values())) {
            if (blob.claim().owner().equals(owner) && blob.end(error) && tells) {
                blob.tell(Levels.REFUSED, error);
            }
        }
    }

    /** Ends what is too late or does not move, and looks for room; called about once a second. */
    public void sweep(long nowMicros) {
        arriving.retry();
        leaving.retry();
        long now = nowNanos();
        open.values().forEach(blob -> blob.expire(now, nowMicros, limits));
    }

    void remove(Blob blob) {
        if (open.remove(blob.key(), blob)) {
            byOwner.computeIfPresent(blob.claim().owner(), (_, count) -> count == 1 ? null : count - 1);
        }
    }

    BlobRoom arriving() {
        return arriving;
    }

    BlobRoom leaving() {
        return leaving;
    }

    Limits limits() {
        return limits;
    }

    static void refuse(Parcel parcel, Code code, String message, String value, String expected) {
        Refusals.refuse(parcel, MeshError.of(code, message, value, expected));
    }
}
