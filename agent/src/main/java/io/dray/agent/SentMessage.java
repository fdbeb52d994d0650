package io.dray.agent;

import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.dray.types.v1.ReceiptLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a sender asked to hear of its message, made when it first asks: receipts come in from the loop, futures are asked
 * for by anybody. Guarded by itself.
 */
final class SentMessage {
    private record Wait(ReceiptLevel level, CompletableFuture<Receipt> future) {}

    private final Outgoing message;
    private final Callbacks callbacks;
    private final List<Wait> waits = new ArrayList<>(1);
    private ReceiptLevel reached = ReceiptLevel.RECEIPT_LEVEL_UNSPECIFIED;
    private @Nullable Error error;

    SentMessage(Outgoing message, Callbacks callbacks) {
        this.message = message;
        this.callbacks = callbacks;
    }

    /** Takes a receipt; a lower one than before changes nothing. */
    void onReceipt(ReceiptLevel level) {
        List<Wait> due = new ArrayList<>();
        synchronized (this) {
            if (error != null || level.getNumber() <= reached.getNumber()) {
                return;
            }
            reached = level;
            waits.removeIf(wait -> wait.level.getNumber() <= level.getNumber() && due.add(wait));
        }
        for (Wait wait : due) {
            callbacks.complete(wait.future, receipt(level));
        }
    }

    /** Takes the end without (more) receipts. */
    void onRefused(Error refusal) {
        List<Wait> due;
        synchronized (this) {
            if (error != null) {
                return;
            }
            error = refusal;
            due = List.copyOf(waits);
            waits.clear();
        }
        for (Wait wait : due) {
            callbacks.fail(wait.future, new MeshException(refusal));
        }
    }

    /** Returns the future of a level; what was told already completes it. */
    synchronized CompletableFuture<Receipt> future(ReceiptLevel level) {
        if (reached.getNumber() >= level.getNumber()) {
            return CompletableFuture.completedFuture(receipt(reached));
        }
        if (error != null) {
            return CompletableFuture.failedFuture(new MeshException(error));
        }
        var future = new CompletableFuture<Receipt>();
        waits.add(new Wait(level, future));
        return future;
    }

    /** The future of a level that the message did not ask for. */
    static CompletableFuture<Receipt> notAsked(ReceiptLevel wish, ReceiptLevel level) {
        return CompletableFuture.failedFuture(new MeshException(MeshError.of(
                Code.CODE_INVALID_REQUEST,
                "The message did not ask for this receipt; use Message.receipt.",
                wish.name(),
                level.name())));
    }

    private Receipt receipt(ReceiptLevel level) {
        return new Receipt(message.id().orElseThrow(), level);
    }
}
