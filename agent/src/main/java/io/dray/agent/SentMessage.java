package io.dray.agent;

import io.dray.core.wire.MeshError;
import io.dray.core.wire.MessageId;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.dray.types.v1.ReceiptLevel;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The sender's handle: receipts come in from the loop, futures are asked for by anybody. Guarded by itself. */
final class SentMessage implements SendHandle {
    private static final VarHandle ID;

    static {
        try {
            ID = MethodHandles.lookup().findVarHandle(SentMessage.class, "id", MessageId.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private record Wait(ReceiptLevel level, CompletableFuture<Receipt> future) {}

    private final ReceiptLevel wish;
    private final Callbacks callbacks;
    private @Nullable List<Wait> waits;
    private volatile @Nullable MessageId id;
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
    public Optional<MessageId> id() {
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

    void onSent(MessageId sentId) {
        // Without the fence of a volatile write: readers need to see what is in it, not to see it at once.
        ID.setRelease(this, sentId);
    }

    /** Takes a receipt; a lower one than before changes nothing. Returns whether the wished level is reached. */
    boolean onReceipt(ReceiptLevel level) {
        MessageId known = id;
        List<Wait> due = List.of();
        boolean isSettled;
        synchronized (this) {
            if (error == null && level.getNumber() > reached.getNumber() && known != null) {
                reached = level;
                due = takeDue(level);
            }
            isSettled = isSettled();
        }
        for (Wait wait : due) {
            callbacks.complete(wait.future, new Receipt(Objects.requireNonNull(known), level));
        }
        return isSettled;
    }

    /** Takes the end without (more) receipts; after the wished level it changes nothing. */
    void onRefused(Error refusal) {
        List<Wait> due;
        synchronized (this) {
            if (error != null || isSettled()) {
                return;
            }
            error = refusal;
            due = waits == null ? List.of() : waits;
            waits = null;
        }
        for (Wait wait : due) {
            callbacks.fail(wait.future, new MeshException(refusal));
        }
    }

    /** Most messages are settled before anybody asks: without a list, and without another one here. */
    private List<Wait> takeDue(ReceiptLevel level) {
        if (waits == null) {
            return List.of();
        }
        List<Wait> due = new ArrayList<>();
        waits.removeIf(wait -> wait.level.getNumber() <= level.getNumber() && due.add(wait));
        return due;
    }

    private boolean isSettled() {
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
        MessageId known = id;
        if (known != null && reached.getNumber() >= level.getNumber()) {
            return CompletableFuture.completedFuture(new Receipt(known, reached));
        }
        if (error != null) {
            return CompletableFuture.failedFuture(new MeshException(error));
        }
        if (level.getNumber() > wish.getNumber()) {
            return notAsked(wish, level);
        }
        var future = new CompletableFuture<Receipt>();
        if (waits == null) {
            waits = new ArrayList<>(1);
        }
        waits.add(new Wait(level, future));
        return future;
    }
}
