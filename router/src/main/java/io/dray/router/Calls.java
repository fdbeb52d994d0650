package io.dray.router;

import io.dray.core.wire.MeshError;
import io.dray.router.store.StoreException;
import io.dray.router.tasks.Outcome;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs unary calls off the event loops, where they may wait for the dispatcher and the store. Thread-safe. */
final class Calls {
    private static final Logger LOGGER = LoggerFactory.getLogger(Calls.class);

    private final Executor threads;

    /** Makes one that runs each call on a thread of its own, as of a virtual-thread executor. */
    Calls(Executor threads) {
        this.threads = threads;
    }

    /** Runs the work and answers with its outcome. */
    <R> void answer(StreamObserver<R> responses, Callable<Outcome<R>> work) {
        threads.execute(() -> {
            switch (run(work)) {
                case Outcome.Done<R>(R response) -> {
                    responses.onNext(response);
                    responses.onCompleted();
                }
                case Outcome.Refused<R>(Error error) -> responses.onError(MeshError.toStatus(error));
            }
        });
    }

    /** Runs something that answers by itself. */
    void run(Runnable work) {
        threads.execute(work);
    }

    private static <R> Outcome<R> run(Callable<Outcome<R>> work) {
        try {
            return work.call();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Outcome.refused(MeshError.of(Code.CODE_DRAINING, "The router is stopping; try again."));
        } catch (Exception failure) {
            return Outcome.refused(error(failure));
        }
    }

    /** Returns the error for something that failed; a store that fails is not a defect. */
    static Error error(Throwable failure) {
        Throwable cause = failure instanceof ExecutionException || failure instanceof CompletionException
                ? failure.getCause()
                : failure;
        if (cause instanceof StoreException) {
            return MeshError.of(Code.CODE_STORE_FAILED, String.valueOf(cause.getMessage()));
        }
        LOGGER.atError().setCause(cause).log("A call failed in the router itself");
        return MeshError.of(Code.CODE_INTERNAL, "The router failed; its log has the cause.");
    }

    /** Waits for something; a failure of it is thrown. */
    static <R> R await(Future<R> future) throws InterruptedException, ExecutionException {
        return future.get();
    }
}
