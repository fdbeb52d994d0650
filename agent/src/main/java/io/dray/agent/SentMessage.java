package io.dray.agent;

import io.dray.core.wire.MeshError;
import io.dray.core.wire.MessageId;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.dray.types.v1.ReceiptLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The sender's handle: receipts come in from the loop, futures are asked for by anybody. Guarded by itself. */
final class SentMessage implements SendHandle {
    private record Wait(ReceiptLevel level, CompletableFuture<Receipt> future) {}

    private final ReceiptLevel wish;
    private final Callbacks callbacks;
    private final List<Wait> waits = new ArrayList<>(1);
    private @Nullable MessageId id;
    private ReceiptLevel reached = ReceiptLevel.RECEIPT_LEVEL_UNSPECIFIED;
    private @Nullable Error error;

    SentMessage(ReceiptLevel wish, Callbacks callbacks) {
        this.wish = wish;
        this.callbacks = callbacks;
    }

    ReceiptLevel wish() {
        return wish;
    }

    @Override
    public synchronized Optional<MessageId> id() {
        return Optional.ofNullable(id);
    }

    @Override
    public CompletableFuture<Receipt> accepted() {
        return future(ReceiptLevel.RECEIPT_LEVEL_ACCEPTED);
    }

    @Override
    public CompletableFuture<Receipt> delivered() {
        return future(ReceiptLevel.RECEIPT_LEVEL_DELIVERED);
    }

    @Override
    public CompletableFuture<Receipt> done() {
        return future(ReceiptLevel.RECEIPT_LEVEL_DONE);
    }

    synchronized void onSent(MessageId sentId) {
        id = sentId;
    }

    /** Takes a receipt; a lower one than before changes nothing. */
    void onReceipt(ReceiptLevel level) {
        List<Wait> due = new ArrayList<>();
        Receipt receipt;
        synchronized (this) {
            if (error != null || level.getNumber() <= reached.getNumber() || id == null) {
                return;
            }
            reached = level;
            receipt = new Receipt(id, level);
            waits.removeIf(wait -> wait.level.getNumber() <= level.getNumber() && due.add(wait));
        }
        for (Wait wait : due) {
            callbacks.complete(wait.future, receipt);
        }
    }

    /** Takes the end without (more) receipts; after the wished level it changes nothing. */
    void onRefused(Error refusal) {
        List<Wait> due;
        synchronized (this) {
            if (error != null || isSettled()) {
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

    /** Whether the wished level was reached. */
    synchronized boolean isSettled() {
        return reached.getNumber() >= wish.getNumber();
    }

    /** The future of a level that the message did not ask for. */
    static CompletableFuture<Receipt> notAsked(ReceiptLevel wish, ReceiptLevel level) {
        return CompletableFuture.failedFuture(new MeshException(MeshError.of(
                Code.CODE_INVALID_REQUEST,
                "The message did not ask for this receipt; use Message.receipt.",
                wish.name(),
                level.name())));
    }

    private synchronized CompletableFuture<Receipt> future(ReceiptLevel level) {
        if (id != null && reached.getNumber() >= level.getNumber()) {
            return CompletableFuture.completedFuture(new Receipt(id, reached));
        }
        if (error != null) {
            return CompletableFuture.failedFuture(new MeshException(error));
        }
        if (level.getNumber() > wish.getNumber()) {
            return notAsked(wish, level);
        }
        var future = new CompletableFuture<Receipt>();
        waits.add(new Wait(level, future));
        return future;
    }
}
