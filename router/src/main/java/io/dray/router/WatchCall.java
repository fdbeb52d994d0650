package io.dray.router;

import io.dray.core.wire.MeshError;
import io.dray.router.dispatch.Dispatcher;
import io.dray.router.dispatch.Watch;
import io.dray.router.store.StoredTask;
import io.dray.router.tasks.Outcome;
import io.dray.router.tasks.TaskFilter;
import io.dray.router.tasks.TaskId;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.v1.Task;
import io.dray.router.v1.WatchTasksRequest;
import io.dray.router.v1.WatchTasksResponse;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** One watcher's call. Writes on a virtual thread of its own, only while the call is ready. */
final class WatchCall {
    private static final int MAX_TASKS = 1_000;
    private static final int MAX_FRAME_BYTES = 256 * 1024;

    private final Dispatcher dispatcher;
    private final TaskReads reads;
    private final ServerCallStreamObserver<WatchTasksResponse> call;
    private boolean gone;
    private @Nullable Watch watch;

    WatchCall(Dispatcher dispatcher, TaskReads reads, ServerCallStreamObserver<WatchTasksResponse> call) {
        this.dispatcher = dispatcher;
        this.reads = reads;
        this.call = call;
    }

    /** The call can take more; on the connection's event loop. */
    synchronized void onReady() {
        notifyAll();
    }

    /** The watcher has left; on the connection's event loop. */
    void onGone() {
        Watch open;
        synchronized (this) {
            gone = true;
            open = watch;
            notifyAll();
        }
        if (open != null) {
            dispatcher.unwatch(open);
        }
    }

    /** Tells everything until the end. Blocks. */
    void run(WatchTasksRequest request) {
        try {
            Optional<Error> failure = tell(request);
            if (isGone()) {
                return;
            }
            if (failure.isPresent()) {
                call.onError(MeshError.toStatus(failure.get()));
            } else {
                call.onCompleted();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | RuntimeException failure) {
            if (!isGone()) {
                call.onError(MeshError.toStatus(Calls.error(failure)));
            }
        }
    }

    private Optional<Error> tell(WatchTasksRequest request) throws InterruptedException, ExecutionException {
        String tenant = TaskSpecs.orDefault(request.getTenant(), TaskChecks.DEFAULT);
        if (request.getTaskIdsCount() == 0) {
            TaskFilter filter = new TaskFilter(tenant, request.getQueue(), "", Set.of(), request.getLabelsMap());
            return follow(Calls.await(dispatcher.watch(filter)));
        }
        if (request.getTaskIdsCount() > MAX_TASKS) {
            return Optional.of(MeshError.of(
                    Code.CODE_TOO_MANY,
                    "Too many tasks are named in one watch.",
                    Integer.toString(request.getTaskIdsCount()),
                    "at most " + MAX_TASKS));
        }
        Set<Long> ids = new LinkedHashSet<>();
        for (String text : request.getTaskIdsList()) {
            OptionalLong id = TaskId.parse(text);
            if (id.isEmpty()) {
                return Optional.of(TaskReads.noSuchTask(text));
            }
            ids.add(id.getAsLong());
        }
        return tellNamed(ids, tenant);
    }

    private Optional<Error> tellNamed(Set<Long> ids, String tenant) throws InterruptedException, ExecutionException {
        Outcome<Watch> watching = Calls.await(dispatcher.watch(ids, tenant));
        if (watching instanceof Outcome.Done<Watch>(Watch open)) {
            List<Task> finished = new ArrayList<>();
            for (long id : ids) {
                if (open.isFollowing(id)) {
                    continue;
                }
                Optional<StoredTask> stored = reads.stored(id, tenant);
                if (stored.isEmpty()) {
                    dispatcher.unwatch(open);
                    return Optional.of(TaskReads.noSuchTask(TaskId.text(id)));
                }
                finished.add(TaskMessages.withResult(stored.get().task()));
            }
            write(finished);
        }
        return follow(watching);
    }

    private Optional<Error> follow(Outcome<Watch> watching) throws InterruptedException, ExecutionException {
        if (!(watching instanceof Outcome.Done<Watch>(Watch open))) {
            return Optional.of(((Outcome.Refused<Watch>) watching).error());
        }
        if (!keep(open)) {
            dispatcher.unwatch(open);
            return Optional.empty();
        }
        for (List<Watch.Change> changes = open.take(); !changes.isEmpty(); changes = open.take()) {
            write(messages(changes));
        }
        return Optional.ofNullable(open.error());
    }

    private synchronized boolean keep(Watch open) {
        watch = open;
        return !gone;
    }

    private List<Task> messages(List<Watch.Change> changes) throws InterruptedException, ExecutionException {
        List<Long> leftOut = changes.stream()
                .filter(Watch.Change::resultLeftOut)
                .map(change -> change.task().id())
                .toList();
        Map<Long, TaskSnapshot> read = leftOut.isEmpty() ? Map.of() : reads.withResults(leftOut);
        return changes.stream()
                .map(change -> TaskMessages.withResult(
                        change.resultLeftOut() ? read.getOrDefault(change.task().id(), change.task()) : change.task()))
                .toList();
    }

    private void write(List<Task> tasks) throws InterruptedException {
        WatchTasksResponse.Builder frame = WatchTasksResponse.newBuilder();
        int bytes = 0;
        for (Task task : tasks) {
            if (bytes > 0 && bytes + task.getSerializedSize() > MAX_FRAME_BYTES) {
                write(frame.build());
                frame.clear();
                bytes = 0;
            }
            frame.addTasks(task);
            bytes += task.getSerializedSize();
        }
        if (bytes > 0) {
            write(frame.build());
        }
    }

    private void write(WatchTasksResponse frame) throws InterruptedException {
        synchronized (this) {
            while (!gone && !call.isReady()) {
                wait();
            }
            if (gone) {
                return;
            }
        }
        call.onNext(frame);
    }

    private synchronized boolean isGone() {
        return gone;
    }
}
