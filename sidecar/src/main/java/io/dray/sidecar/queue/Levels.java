package io.dray.sidecar.queue;

import io.dray.types.v1.Receipt;
import io.dray.types.v1.ReceiptLevel;

/** Numbers of {@link ReceiptLevel}, for code that must not touch enum objects per envelope. */
public final class Levels {
    /** Queued by the sender's sidecar. */
    public static final int ACCEPTED = ReceiptLevel.RECEIPT_LEVEL_ACCEPTED_VALUE;

    /** Fsynced in the sender's journal. */
    public static final int STORED = ReceiptLevel.RECEIPT_LEVEL_STORED_VALUE;

    /** Written to the receiving agent's stream. */
    public static final int DELIVERED = ReceiptLevel.RECEIPT_LEVEL_DELIVERED_VALUE;

    /** The handler returned. */
    public static final int DONE = ReceiptLevel.RECEIPT_LEVEL_DONE_VALUE;

    /** Not delivered or failed. */
    public static final int REFUSED = ReceiptLevel.RECEIPT_LEVEL_REFUSED_VALUE;

    private Levels() {}

    /** Returns how many numbers a receipt is about: unsigned on the wire, and 0 means one. */
    public static int count(Receipt receipt) {
        int count = receipt.getCount();
        return count < 0 ? Integer.MAX_VALUE : Math.max(1, count);
    }
}
