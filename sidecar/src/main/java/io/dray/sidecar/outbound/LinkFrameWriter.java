package io.dray.sidecar.outbound;

import io.dray.core.wire.ZstdFrames;
import io.dray.peer.v1.Compressed;
import io.dray.peer.v1.DeliverRequest;
import io.dray.peer.v1.LinkHello;
import io.dray.sidecar.blob.ChunkQueue;
import io.dray.sidecar.blob.QueuedChunk;
import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.frame.OutboundFrame;
import io.dray.sidecar.frame.ProtoWriter;
import io.dray.sidecar.queue.Hop;
import io.dray.sidecar.queue.Micros;
import io.dray.sidecar.queue.Parcel;
import io.dray.types.v1.HopNote;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the frames of one link stream: ranges of envelopes, notes about runs of them, compressed where it pays. Owned by
 * the link's loop; holds the frames that it was given ranges of until it is cleared.
 */
final class LinkFrameWriter {
    private static final int ENCODING_ZSTD = 2;

    private final CompressionPolicy policy;
    private final LinkMeters meters;
    private final OutboundFrame frame = new OutboundFrame();
    private final OutboundFrame packed = new OutboundFrame();
    private final ProtoWriter control = new ProtoWriter();
    private final List<Frame> holding = new ArrayList<>();
    private final ProtoWriter chunkHead = new ProtoWriter();
    private @Nullable QueuedChunk chunk;
    private byte[] raw = new byte[0];
    private byte[] zipped = new byte[0];
    private int envelopes;
    private int runStart;
    private @Nullable Hop runHop;
    private long runDeadline;

    LinkFrameWriter(CompressionPolicy policy, LinkMeters meters) {
        this.policy = policy;
        this.meters = meters;
    }

    /** Returns a frame with the hello alone, independent of this writer since the channel may keep it for a while. */
    OutboundFrame hello(LinkHello hello) {
        byte[] bytes = DeliverRequest.newBuilder().setHello(hello).build().toByteArray();
        return OutboundFrame.of(bytes);
    }

    int envelopes() {
        return envelopes;
    }

    int size() {
        return frame.size();
    }

    /** Adds a run of envelopes; the count of its frame passes to the writer. */
    void add(Parcel parcel, long clockOffsetMicros) {
        boolean shifted = parcel.deadlineMicros != 0 && (parcel.deadlineShifted || clockOffsetMicros != 0);
        long deadline = shifted ? Micros.shifted(parcel.deadlineMicros, clockOffsetMicros) : 0;
        if (parcel.hop != runHop || deadline != runDeadline) {
            endRun();
            runHop = parcel.hop;
            runDeadline = deadline;
            runStart = envelopes;
        }
        envelopes += parcel.count;
        frame.add(parcel.frame.bytes(), parcel.offset, parcel.length);
        holding.add(parcel.frame);
    }

    /** Adds a chunk, one for each frame; it passes to the writer. */
    void add(QueuedChunk added) {
        chunk = added;
        added.addTo(frame, DeliverRequest.CHUNKS_FIELD_NUMBER, chunkHead);
    }

    /** Completes the frame; it is valid until {@link #clear()}. */
    OutboundFrame finish(long firstSequence) {
        endRun();
        if (envelopes > 0) {
            control.integer(DeliverRequest.FIRST_SEQUENCE_FIELD_NUMBER, firstSequence);
        }
        frame.add(control.bytes(), 0, control.size());
        int rawBytes = frame.size();
        meters.rawBytes.add(rawBytes);
        OutboundFrame finished = policy.wants(rawBytes) ? compressed(rawBytes) : frame;
        meters.wireBytes.add(finished.size());
        return finished;
    }

    void clear() {
        frame.clear();
        packed.clear();
        control.clear();
        holding.forEach(Frame::release);
        holding.clear();
        QueuedChunk written = chunk;
        if (written != null) {
            chunk = null;
            ChunkQueue.written(written);
        }
        envelopes = 0;
        runHop = null;
        runDeadline = 0;
    }

    private void endRun() {
        Hop hop = runHop;
        if (hop == null || (hop.silent() && runDeadline == 0)) {
            return;
        }
        HopNote note = HopNote.newBuilder(hop.shared())
                .setFirst(runStart)
                .setCount(envelopes - runStart == 1 ? 0 : envelopes - runStart)
                .setDeadlineUnixMicros(runDeadline)
                .build();
        byte[] bytes = note.toByteArray();
        control.message(DeliverRequest.NOTES_FIELD_NUMBER, bytes, 0, bytes.length);
    }

    private OutboundFrame compressed(int rawBytes) {
        if (raw.length < rawBytes) {
            raw = new byte[Math.max(rawBytes, 16 * 1024)];
        }
        int bound = ZstdFrames.maxCompressedLength(rawBytes);
        if (zipped.length < bound) {
            zipped = new byte[bound];
        }
        frame.copyTo(raw, 0);
        int length = ZstdFrames.ofThread().atLevel(policy.level()).compress(raw, 0, rawBytes, zipped, 0);
        policy.compressed(rawBytes, length < 0 ? rawBytes : length);
        if (length < 0 || length >= rawBytes) {
            return frame;
        }
        meters.compressedFrames.increment();
        var inner = new ProtoWriter();
        inner.integer(Compressed.ENCODING_FIELD_NUMBER, ENCODING_ZSTD);
        inner.integer(Compressed.RAW_BYTES_FIELD_NUMBER, rawBytes);
        inner.message(Compressed.DATA_FIELD_NUMBER, zipped, 0, length);
        control.clear();
        control.message(DeliverRequest.COMPRESSED_FIELD_NUMBER, inner.bytes(), 0, inner.size());
        packed.add(control.bytes(), 0, control.size());
        return packed;
    }
}
