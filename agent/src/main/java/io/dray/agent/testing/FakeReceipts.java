package io.dray.agent.testing;

import io.dray.agent.MeshException;
import io.dray.agent.Message;
import io.dray.agent.Receipt;
import io.dray.agent.SendHandle;
import io.dray.core.wire.MessageId;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Error;
import io.dray.types.v1.HopNote;
import io.dray.types.v1.ReceiptLevel;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What the sender of one message in a fake mesh hears: receipts, and the reply to a request. */
final class FakeReceipts implements SendHandle {
    private final MessageId id;
    private final CompletableFuture<Receipt> accepted = new CompletableFuture<>();
    private final CompletableFuture<Receipt> delivered = new CompletableFuture<>();
    private final CompletableFuture<Receipt> done = new CompletableFuture<>();
    private final CompletableFuture<Message> reply = new CompletableFuture<>();

    FakeReceipts(MessageId id) {
        this.id = id;
    }

    @Override
    public Optional<MessageId> id() {
        return Optional.of(id);
    }

    @Override
    public CompletableFuture<Receipt> accepted() {
        return accepted;
    }

    @Override
    public CompletableFuture<Receipt> delivered() {
        return delivered;
    }

    @Override
    public CompletableFuture<Receipt> done() {
        return done;
    }

    CompletableFuture<Message> reply() {
        return reply;
    }

    void onAccepted() {
        accepted.complete(new Receipt(id, ReceiptLevel.RECEIPT_LEVEL_ACCEPTED));
    }

    void onDelivered() {
        delivered.complete(new Receipt(id, ReceiptLevel.RECEIPT_LEVEL_DELIVERED));
    }

    void onDone() {
        done.complete(new Receipt(id, ReceiptLevel.RECEIPT_LEVEL_DONE));
    }

    void onReply(Envelope answer) {
        reply.complete(Message.received(answer, HopNote.getDefaultInstance()));
    }

    /** Fails what has not completed. */
    void onRefused(Error error) {
        var failure = new MeshException(error);
        accepted.completeExceptionally(failure);
        delivered.completeExceptionally(failure);
        done.completeExceptionally(failure);
        reply.completeExceptionally(failure);
    }
}
