package io.dray.router;

import io.dray.core.wire.MeshError;
import io.dray.router.dispatch.Dispatcher;
import io.dray.router.dispatch.Time;
import io.dray.router.store.StoreThread;
import io.dray.router.tasks.Outcome;
import io.dray.router.v1.ImportStoreRequest;
import io.dray.router.v1.ImportStoreResponse;
import io.dray.router.v1.StoreRecord;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * One client's import. Requests come on the connection's event loop, one at a time; all else happens on a virtual thread
 * that may wait. The router serves nobody from the first record until the last is committed.
 */
final class ImportCall implements StreamObserver<ImportStoreRequest> {
    private static final Error IMPORTING =
            MeshError.of(Code.CODE_STORE_FAILED, "A store is being imported; try again when that is done.");

    private final ServerCallStreamObserver<ImportStoreResponse> call;
    private final Dispatcher dispatcher;
    private final StoreThread store;
    private final Time time;
    private final BlockingQueue<Next> queue = new LinkedBlockingQueue<>();

    ImportCall(
            ServerCallStreamObserver<ImportStoreResponse> call, Dispatcher dispatcher, StoreThread store, Time time) {
        this.call = call;
        this.dispatcher = dispatcher;
        this.store = store;
        this.time = time;
        call.disableAutoRequest();
        call.setOnCancelHandler(() -> queue.add(new Gone()));
        call.request(1);
    }

    private sealed interface Next {}

    private record More(ImportStoreRequest request) implements Next {}

    private record Complete() implements Next {}

    private record Gone() implements Next {}

    @Override
    public void onNext(ImportStoreRequest request) {
        queue.add(new More(request));
    }

    @Override
    public void onCompleted() {
        queue.add(new Complete());
    }

    @Override
    public void onError(Throwable failure) {
        queue.add(new Gone());
    }

    /** Takes all requests and answers. Blocks. */
    void run() {
        try {
            if (!(queue.take() instanceof More(ImportStoreRequest first))) {
                answer(Outcome.refused(MeshError.of(Code.CODE_MISSING_FIELD, "The import has no records.")));
                return;
            }
            answer(first.getCheckOnly() ? read(first) : readAlone(first));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | RuntimeException failure) {
            answer(Outcome.refused(Calls.error(failure)));
        }
    }

    private Outcome<ImportStoreResponse> readAlone(ImportStoreRequest first)
            throws InterruptedException, ExecutionException {
        if (Calls.await(dispatcher.suspend(IMPORTING)) instanceof Outcome.Refused<Boolean>(Error error)) {
            return Outcome.refused(error);
        }
        try {
            return read(first);
        } finally {
            dispatcher.resume();
        }
    }

    private Outcome<ImportStoreResponse> read(ImportStoreRequest first)
            throws InterruptedException, ExecutionException {
        StoreImport into = new StoreImport(store, time, first.getCheckOnly());
        for (Next next = new More(first); next instanceof More(ImportStoreRequest request); next = queue.take()) {
            for (StoreRecord record : request.getRecordsList()) {
                Optional<Error> failure = into.add(record);
                if (failure.isPresent()) {
                    return Outcome.refused(failure.get());
                }
            }
            call.request(1);
        }
        Optional<Error> failure = into.whyNotWhole();
        return failure.isPresent() ? Outcome.refused(failure.get()) : Outcome.done(into.response());
    }

    private void answer(Outcome<ImportStoreResponse> outcome) {
        if (call.isCancelled()) {
            return;
        }
        switch (outcome) {
            case Outcome.Done<ImportStoreResponse>(ImportStoreResponse response) -> {
                call.onNext(response);
                call.onCompleted();
            }
            case Outcome.Refused<ImportStoreResponse>(Error error) -> call.onError(MeshError.toStatus(error));
        }
    }
}
