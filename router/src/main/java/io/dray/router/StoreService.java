package io.dray.router;

import io.dray.router.dispatch.DispatchMeters;
import io.dray.router.dispatch.Dispatcher;
import io.dray.router.dispatch.LimitUse;
import io.dray.router.dispatch.Time;
import io.dray.router.store.Stats;
import io.dray.router.store.Store;
import io.dray.router.store.StoreThread;
import io.dray.router.tasks.Micros;
import io.dray.router.tasks.Outcome;
import io.dray.router.v1.CheckStoreRequest;
import io.dray.router.v1.CheckStoreResponse;
import io.dray.router.v1.ExportStoreRequest;
import io.dray.router.v1.ExportStoreResponse;
import io.dray.router.v1.GetStoreStatsRequest;
import io.dray.router.v1.GetStoreStatsResponse;
import io.dray.router.v1.ImportStoreRequest;
import io.dray.router.v1.ImportStoreResponse;
import io.dray.router.v1.StorePart;
import io.dray.router.v1.StoreServiceGrpc;
import io.dray.types.v1.Error;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** The door to the store as a whole. Each call waits on a virtual thread of its own. */
final class StoreService extends StoreServiceGrpc.StoreServiceImplBase {
    /** Whose store it is, and how long it keeps finished tasks. Immutable. */
    record Terms(String router, Duration retention, Time time) {}

    private final Terms terms;
    private final Dispatcher dispatcher;
    private final StoreThread store;
    private final DispatchMeters meters;
    private final Calls calls;

    StoreService(Terms terms, Dispatcher dispatcher, StoreThread store, DispatchMeters meters, Calls calls) {
        this.terms = terms;
        this.dispatcher = dispatcher;
        this.store = store;
        this.meters = meters;
        this.calls = calls;
    }

    @Override
    public void getStoreStats(GetStoreStatsRequest request, StreamObserver<GetStoreStatsResponse> responses) {
        calls.answer(responses, () -> {
            Optional<Error> closed = whyClosed();
            if (closed.isPresent()) {
                return Outcome.refused(closed.get());
            }
            return Outcome.done(
                    response(Calls.await(store.run(open -> open.inspection().stats())), epoch()));
        });
    }

    private long epoch() throws InterruptedException, ExecutionException {
        return Calls.await(store.run(Store::epoch));
    }

    /** Asks what only a dispatcher answers that serves: what another router owns would be out of date at once. */
    private Optional<Error> whyClosed() throws InterruptedException, ExecutionException {
        return switch (Calls.await(dispatcher.limits())) {
            case Outcome.Done<List<LimitUse>> _ -> Optional.empty();
            case Outcome.Refused<List<LimitUse>>(Error error) -> Optional.of(error);
        };
    }

    private GetStoreStatsResponse response(Stats stats, long epoch) {
        GetStoreStatsResponse.Builder response = GetStoreStatsResponse.newBuilder()
                .setKind(stats.kind())
                .setPlace(stats.place())
                .setOwner(terms.router())
                .setEpoch(epoch)
                .setSchema(stats.schema())
                .putAllTasks(meters.tasksByState())
                .setRetention(com.google.protobuf.Duration.newBuilder()
                        .setSeconds(terms.retention().toSeconds())
                        .setNanos(terms.retention().toNanosPart()))
                .setFreeBytes(stats.freeBytes())
                .setFull(store.whyFull());
        if (stats.oldestLiveMicros() > 0) {
            response.setOldestLive(Micros.timestamp(stats.oldestLiveMicros()));
        }
        if (stats.oldestFinishedMicros() > 0) {
            response.setOldestFinished(Micros.timestamp(stats.oldestFinishedMicros()));
        }
        long bytes = 0;
        for (Stats.Part part : stats.parts()) {
            StorePart.Builder message =
                    StorePart.newBuilder().setName(part.name()).setBytes(part.bytes());
            part.rows().ifPresent(message::setRows);
            response.addParts(message);
            bytes += part.bytes();
        }
        return response.setBytes(bytes).build();
    }

    private long aboutTasks() {
        return meters.tasksByState().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    @Override
    public void checkStore(CheckStoreRequest request, StreamObserver<CheckStoreResponse> responses) {
        var call = new ReadyCall<>((ServerCallStreamObserver<CheckStoreResponse>) responses);
        long about = aboutTasks();
        answer(call, () -> {
            new StoreChecks(store, call, about).run();
            return Optional.empty();
        });
    }

    @Override
    public void exportStore(ExportStoreRequest request, StreamObserver<ExportStoreResponse> responses) {
        var call = new ReadyCall<>((ServerCallStreamObserver<ExportStoreResponse>) responses);
        long about = aboutTasks();
        answer(
                call,
                () -> new StoreExport(store, call)
                        .run(terms.router(), terms.time().nowMicros(), about));
    }

    /** Something that writes to a call and then says why it failed. */
    private interface Writing {
        Optional<Error> write() throws InterruptedException, ExecutionException;
    }

    private <T> void answer(ReadyCall<T> call, Writing writing) {
        calls.run(() -> {
            try {
                Optional<Error> closed = whyClosed();
                call.end(closed.isPresent() ? closed : writing.write());
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | RuntimeException failure) {
                call.end(Optional.of(Calls.error(failure)));
            }
        });
    }

    @Override
    public StreamObserver<ImportStoreRequest> importStore(StreamObserver<ImportStoreResponse> responses) {
        var importing = new ImportCall(
                (ServerCallStreamObserver<ImportStoreResponse>) responses, dispatcher, store, terms.time());
        calls.run(importing::run);
        return importing;
    }
}
