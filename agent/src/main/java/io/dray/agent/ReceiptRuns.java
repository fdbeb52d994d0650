package io.dray.agent;

import io.dray.agent.v1.AttachRequest;
import io.dray.types.v1.Error;
import io.dray.types.v1.Receipt;
import io.dray.types.v1.ReceiptLevel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Receipts for what was delivered, gathered from all threads and sent as runs. Numbers of an earlier stream are dropped:
 * the sidecar delivers those messages again. Guarded by itself.
 */
final class ReceiptRuns implements FramePart {
    private static final int RUN_BYTES = 12;

    private final List<Receipt> refused = new ArrayList<>();
    private long[] done = new long[64];
    private int doneCount;
    private int stream;

    synchronized void restart(int newStream) {
        stream = newStream;
        doneCount = 0;
        refused.clear();
    }

    synchronized void done(int ofStream, long delivery) {
        if (ofStream != stream) {
            return;
        }
        if (doneCount == done.length) {
            done = Arrays.copyOf(done, 2 * doneCount);
        }
        done[doneCount++] = delivery;
    }

    synchronized void refused(int ofStream, long delivery, Error error) {
        if (ofStream == stream) {
            refused.add(Receipt.newBuilder()
                    .setFirst(delivery)
                    .setLevel(ReceiptLevel.RECEIPT_LEVEL_REFUSED)
                    .setError(error)
                    .build());
        }
    }

    synchronized boolean isEmpty() {
        return doneCount == 0 && refused.isEmpty();
    }

    @Override
    public synchronized int moveTo(AttachRequest.Builder frame, int room) {
        if (doneCount == 0 && refused.isEmpty()) {
            return 0;
        }
        int bytes = 0;
        for (Receipt receipt : refused) {
            frame.addReceipts(receipt);
            bytes += receipt.getSerializedSize();
        }
        refused.clear();
        Arrays.sort(done, 0, doneCount);
        int runStart = 0;
        for (int i = 1; i <= doneCount; i++) {
            if (i == doneCount || done[i] != done[i - 1] + 1) {
                frame.addReceiptsBuilder()
                        .setFirst(done[runStart])
                        .setCount(i - runStart)
                        .setLevel(ReceiptLevel.RECEIPT_LEVEL_DONE);
                bytes += RUN_BYTES;
                runStart = i;
            }
        }
        doneCount = 0;
        return bytes;
    }
}
