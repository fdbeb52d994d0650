package io.dray.router;

import io.dray.core.wire.MeshError;
import io.dray.types.v1.Error;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.Optional;

/** The writing side of one call for a thread that may wait: it writes while the other side reads. Thread-safe. */
final class ReadyCall<T> {
    private final ServerCallStreamObserver<T> call;
    private boolean gone;

    /** Takes over the call; make it before the call's handler returns. */
    ReadyCall(ServerCallStreamObserver<T> call) {
        this.call = call;
        call.setOnReadyHandler(this::wake);
        call.setOnCancelHandler(this::onGone);
    }

    private synchronized void wake() {
        notifyAll();
    }

    /** Nobody reads any more. */
    synchronized void onGone() {
        gone = true;
        notifyAll();
    }

    synchronized boolean isGone() {
        return gone;
    }

    /** Writes once there is room; returns false when the other side has gone. */
    boolean write(T message) throws InterruptedException {
        synchronized (this) {
            while (!gone && !call.isReady()) {
                wait();
            }
            if (gone) {
                return false;
            }
        }
        call.onNext(message);
        return true;
    }

    /** Ends the call, with an error or without. */
    void end(Optional<Error> failure) {
        if (isGone()) {
            return;
        }
        if (failure.isPresent()) {
            call.onError(MeshError.toStatus(failure.get()));
            return;
        }
        call.onCompleted();
    }
}
