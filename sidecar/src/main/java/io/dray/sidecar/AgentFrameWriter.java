package io.dray.sidecar;

import io.dray.agent.v1.AttachResponse;
import io.dray.agent.v1.Flow;
import io.dray.sidecar.blob.ChunkQueue;
import io.dray.sidecar.blob.QueuedChunk;
import io.dray.sidecar.blob.StreamBranch;
import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.frame.FrameLimits;
import io.dray.sidecar.frame.OutboundFrame;
import io.dray.sidecar.frame.ProtoWriter;
import io.dray.sidecar.local.LocalAgent;
import io.dray.sidecar.queue.Hop;
import io.dray.sidecar.queue.Levels;
import io.dray.sidecar.queue.Parcel;
import io.dray.types.v1.Error;
import io.dray.types.v1.HopNote;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the frames for one attached agent from what waits for it: receipts, flows, control, envelopes with notes.
 *
 * <p>Owned by the loop of the attachment; holds the frames that it took ranges of until it is cleared.
 */
final class AgentFrameWriter {
    private static final int MAX_CONTROL_BYTES = 32 * 1024;
    /** A topic may have a thousand bytes. */
    private static final int MAX_FLOWS = 24;

    private final LocalAgent agent;
    private final long attachment;
    private final RouteTimes times;
    private final FrameLimits limits;
    private final OutboundFrame frame = new OutboundFrame();
    private final ProtoWriter control = new ProtoWriter();
    private final Parcel parcel = new Parcel();
    private final List<Frame> holding = new ArrayList<>();
    private final List<Flow> flows = new ArrayList<>();
    private final ProtoWriter chunkHead = new ProtoWriter();
    private @Nullable QueuedChunk chunk;
    private int envelopes;
    private int runStart;
    private @Nullable Hop runHop;
    private long runDeadline;

    /**
     * Creates a writer.
     *
     * @param attachment number of the attachment, from {@link LocalAgent#bind}
     */
    AgentFrameWriter(LocalAgent agent, long attachment, RouteTimes times, FrameLimits limits) {
        this.agent = agent;
        this.attachment = attachment;
        this.times = times;
        this.limits = limits;
    }

    /**
     * Fills a frame with what waits.
     *
     * @param extra control fields beside it; null for none
     * @return the frame, valid until {@link #clear()}; null when nothing waits
     */
    @Nullable
    OutboundFrame next(@Nullable AttachResponse extra, long nowMicros) {
        return next(extra, nowMicros, Long.MAX_VALUE);
    }

    /**
     * Fills a frame with what waits, of envelopes at most so many bytes; others stay in the mailbox.
     *
     * @param extra control fields beside it; null for none
     * @return the frame, valid until {@link #clear()}; null when there is nothing for it
     */
    @Nullable
    OutboundFrame next(@Nullable AttachResponse extra, long nowMicros, long mostBytes) {
        if (extra != null) {
            byte[] bytes = extra.toByteArray();
            frame.add(bytes, 0, bytes.length);
            if (bytes.length > MAX_CONTROL_BYTES) {
                // A task with its payload goes alone: with a large envelope the frame would be larger than clients
                // read.
                return frame;
            }
        }
        agent.receipts().moveTo(control, AttachResponse.RECEIPTS_FIELD_NUMBER, false, MAX_CONTROL_BYTES);
        agent.takeFlows(flows, MAX_FLOWS);
        for (Flow flow : flows) {
            byte[] bytes = flow.toByteArray();
            control.message(AttachResponse.FLOWS_FIELD_NUMBER, bytes, 0, bytes.length);
        }
        flows.clear();
        takeEnvelopes(nowMicros, mostBytes);
        endRun();
        if (control.size() > 0) {
            frame.add(control.bytes(), 0, control.size());
        }
        if (agent.chunks().isWaiting()) {
            takeChunk();
        }
        return frame.size() == 0 ? null : frame;
    }

    /** Lets go of everything in the frame. */
    void clear() {
        frame.clear();
        control.clear();
        for (Frame held : holding) {
            held.release();
        }
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

    private void takeEnvelopes(long nowMicros, long mostBytes) {
        int envelopeBytes = 0;
        long nowNanos = 0;
        while (envelopes < limits.envelopes()) {
            long room = envelopes == 0 ? mostBytes : Math.min(mostBytes, limits.bytes()) - envelopeBytes;
            if (!agent.mailbox().take(parcel, room, limits.envelopes() - envelopes, nowMicros, attachment)) {
                return;
            }
            StreamBranch branch = parcel.origin instanceof StreamBranch large ? large : null;
            if (branch != null && !branch.isLive()) {
                agent.mailbox().dropped(parcel);
                parcel.frame.release();
                continue;
            }
            long arrivedNanos = parcel.arrivedNanos;
            long number = agent.mailbox().delivered(parcel, attachment);
            if (number == 0) {
                parcel.frame.release();
                return;
            }
            if (branch != null) {
                branch.delivered(number, this::refuse);
            }
            if (envelopes == 0) {
                control.integer(AttachResponse.FIRST_DELIVERY_FIELD_NUMBER, number);
                nowNanos = System.nanoTime();
            }
            note();
            times.record(parcel, arrivedNanos, nowNanos);
            frame.add(parcel.frame.bytes(), parcel.offset, parcel.length);
            holding.add(parcel.frame);
            envelopeBytes += parcel.length;
            envelopes += parcel.count;
        }
    }

    /** One chunk for each frame, after its envelopes: that is what a CRITICAL one may have to wait for. */
    private void takeChunk() {
        QueuedChunk next = agent.chunks().poll();
        if (next != null) {
            chunk = next;
            next.addTo(frame, AttachResponse.CHUNKS_FIELD_NUMBER, chunkHead);
        }
    }

    private void refuse(long number, Error error) {
        agent.mailbox().onReceipt(number, 1, Levels.REFUSED, error);
    }

    @SuppressWarnings("ReferenceEquality") // hops are shared so that runs can be told by identity
    private void note() {
        long deadline = parcel.deadlineShifted ? parcel.deadlineMicros : 0;
        if (parcel.hop == runHop && deadline == runDeadline) {
            return;
        }
        endRun();
        runHop = parcel.hop;
        runDeadline = deadline;
        runStart = envelopes;
    }

    private void endRun() {
        Hop hop = runHop;
        if (hop == null || (hop.silent() && runDeadline == 0)) {
            return;
        }
        byte[] bytes = HopNote.newBuilder(hop.shared())
                .setFirst(runStart)
                .setCount(envelopes - runStart == 1 ? 0 : envelopes - runStart)
                .setDeadlineUnixMicros(runDeadline)
                .build()
                .toByteArray();
        control.message(AttachResponse.NOTES_FIELD_NUMBER, bytes, 0, bytes.length);
    }
}
