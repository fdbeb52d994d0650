package io.dray.sidecar;

import io.dray.peer.v1.DeliverResponse;
import io.dray.peer.v1.DestinationFlow;
import io.dray.peer.v1.Load;
import io.dray.sidecar.frame.OutboundFrame;
import io.dray.sidecar.frame.ProtoWriter;
import io.dray.types.v1.BlobWindow;
import io.dray.types.v1.Receipt;
import io.dray.types.v1.ReceiptLevel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the frames that go back on one stream of a link: how many envelopes were taken, receipts, flows, windows of large
 * payloads, loads. Owned by the stream's loop.
 */
final class PeerFrameWriter {
    private static final int MAX_CONTROL_BYTES = 64 * 1024;
    private static final int MAX_FLOWS = 512;

    private final ProtoWriter control = new ProtoWriter();
    private final List<DestinationFlow> flows = new ArrayList<>();
    private final List<BlobWindow> windows = new ArrayList<>();
    private long taken;
    private long acknowledged;

    /** Notes envelopes that came on this stream. */
    void taken(int envelopes) {
        taken += envelopes;
    }

    /** Returns a frame of what is to be said to the node; null when that is nothing. */
    @Nullable
    OutboundFrame next(InboundNode node) {
        control.clear();
        if (taken > acknowledged) {
            acknowledged = taken;
            Receipt through = Receipt.newBuilder()
                    .setFirst(taken)
                    .setLevel(ReceiptLevel.RECEIPT_LEVEL_ACCEPTED)
                    .build();
            add(DeliverResponse.RECEIPTS_FIELD_NUMBER, through.toByteArray());
        }
        node.receipts().moveTo(control, DeliverResponse.RECEIPTS_FIELD_NUMBER, true, MAX_CONTROL_BYTES);
        addFlows(node);
        addWindows(node);
        for (Load load : node.takeLoads()) {
            add(DeliverResponse.LOADS_FIELD_NUMBER, load.toByteArray());
        }
        if (control.size() == 0) {
            return null;
        }
        OutboundFrame frame = new OutboundFrame();
        frame.add(control.bytes(), 0, control.size());
        return frame;
    }

    private void addFlows(InboundNode node) {
        node.takeFlows(flows, MAX_FLOWS);
        for (DestinationFlow flow : flows) {
            add(DeliverResponse.FLOWS_FIELD_NUMBER, flow.toByteArray());
        }
        flows.clear();
    }

    private void addWindows(InboundNode node) {
        node.takeWindows(windows, MAX_FLOWS);
        for (BlobWindow window : windows) {
            add(DeliverResponse.BLOB_WINDOWS_FIELD_NUMBER, window.toByteArray());
        }
        windows.clear();
    }

    private void add(int field, byte[] message) {
        control.message(field, message, 0, message.length);
    }
}
