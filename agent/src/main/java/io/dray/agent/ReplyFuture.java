package io.dray.agent;

import io.dray.types.v1.Error;
import io.dray.types.v1.HopNote;
import java.util.concurrent.CompletableFuture;

/** The future reply to one request; cancelling it tells the answering agent. Thread-safe. */
final class ReplyFuture extends CompletableFuture<Message> {
    private final Callbacks callbacks;
    private volatile Runnable onCancel = () -> {};

    ReplyFuture(Callbacks callbacks) {
        this.callbacks = callbacks;
    }

    void onCancel(Runnable action) {
        onCancel = action;
    }

    void onReply(Incoming reply, HopNote note) {
        if (reply.isFailure()) {
            onRefused(reply.envelope().getError());
            return;
        }
        callbacks.complete(this, Message.received(reply, note));
    }

    void onRefused(Error error) {
        callbacks.fail(this, new MeshException(error));
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
        boolean cancelled = super.cancel(mayInterrupt);
        if (cancelled) {
            onCancel.run();
        }
        return cancelled;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
