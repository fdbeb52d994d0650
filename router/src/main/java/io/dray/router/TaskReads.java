package io.dray.router;

import io.dray.core.wire.MeshError;
import io.dray.router.dispatch.Dispatcher;
import io.dray.router.store.StoreException;
import io.dray.router.store.StoreThread;
import io.dray.router.store.StoredTask;
import io.dray.router.tasks.Outcome;
import io.dray.router.tasks.Page;
import io.dray.router.tasks.StateName;
import io.dray.router.tasks.TaskFilter;
import io.dray.router.tasks.TaskId;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.v1.GetTaskResponse;
import io.dray.router.v1.ListTasksRequest;
import io.dray.router.v1.ListTasksResponse;
import io.dray.router.v1.Task;
import io.dray.router.v1.TaskState;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;

/**
 * Reads tasks: the live ones from the dispatcher, then the finished ones from the store, in that order, so that a task
 * which ends meanwhile is not missed. Blocks; called on virtual threads.
 */
final class TaskReads {
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 1_000;
    /** Rows the store looks at in one go: commits wait that long. */
    private static final int MAX_EXAMINED = 2_000;
    /** A page that finds too little ends early, with a token to go on. */
    private static final int MAX_ROUNDS = 50;

    private final Dispatcher dispatcher;
    private final StoreThread store;

    TaskReads(Dispatcher dispatcher, StoreThread store) {
        this.dispatcher = dispatcher;
        this.store = store;
    }

    Outcome<GetTaskResponse> get(String text, String tenant) throws InterruptedException, ExecutionException {
        OptionalLong id = TaskId.parse(text);
        if (id.isEmpty()) {
            return Outcome.refused(noSuchTask(text));
        }
        return switch (Calls.await(dispatcher.find(id.getAsLong()))) {
            case Outcome.Done<Optional<TaskSnapshot>>(Optional<TaskSnapshot> live) ->
                get(text, id.getAsLong(), tenant, live);
            case Outcome.Refused<Optional<TaskSnapshot>>(Error error) -> Outcome.refused(error);
        };
    }

    private Outcome<GetTaskResponse> get(String text, long id, String tenant, Optional<TaskSnapshot> live)
            throws InterruptedException, ExecutionException {
        try {
            Optional<StoredTask> stored = stored(id, tenant);
            return stored.isEmpty() ? Outcome.refused(noSuchTask(text)) : Outcome.done(newest(stored.get(), live));
        } catch (ExecutionException failure) {
            Optional<TaskSnapshot> own =
                    live.filter(task -> task.submission().tenant().equals(tenant));
            if (own.isEmpty() || !isAway(failure)) {
                throw failure;
            }
            // Only the payload is nowhere else.
            return Outcome.done(GetTaskResponse.newBuilder()
                    .setTask(TaskMessages.bare(own.get()))
                    .build());
        }
    }

    private static boolean isAway(ExecutionException failure) {
        return failure.getCause() instanceof StoreException cause && cause.kind() == StoreException.Kind.AWAY;
    }

    private static GetTaskResponse newest(StoredTask stored, Optional<TaskSnapshot> live) {
        TaskSnapshot task = stored.task().isEnded() ? stored.task() : live.orElse(stored.task());
        return GetTaskResponse.newBuilder()
                .setTask(TaskMessages.complete(task, stored.payload()))
                .build();
    }

    /** Returns a committed task of that tenant. */
    Optional<StoredTask> stored(long id, String tenant) throws InterruptedException, ExecutionException {
        return Calls.await(store.run(open -> Optional.ofNullable(open.find(id))))
                .filter(task -> task.task().submission().tenant().equals(tenant));
    }

    /** Returns why a task that is not live cannot be changed. */
    <R> Outcome<R> whyNotLive(String text, String tenant) throws InterruptedException, ExecutionException {
        Optional<StoredTask> stored = stored(TaskId.parse(text).orElse(0), tenant);
        if (stored.isEmpty()) {
            return Outcome.refused(noSuchTask(text));
        }
        return Outcome.refused(Dispatcher.finished(stored.get().task()));
    }

    static Error noSuchTask(String text) {
        return MeshError.of(
                Code.CODE_NO_SUCH_TASK, "No task of this tenant has that id.", text, "the id of a submitted task");
    }

    Outcome<ListTasksResponse> list(ListTasksRequest request) throws InterruptedException, ExecutionException {
        long before = Long.MAX_VALUE;
        if (!request.getPageToken().isEmpty()) {
            OptionalLong token = TaskId.parse(request.getPageToken());
            if (token.isEmpty()) {
                return refuse("The page token is none.", request.getPageToken(), "the token of the response before");
            }
            before = token.getAsLong();
        }
        int size = request.getPageSize() == 0 ? DEFAULT_PAGE : request.getPageSize();
        if (size < 1 || size > MAX_PAGE) {
            return refuse("The page size is not allowed.", Integer.toUnsignedString(size), "1-" + MAX_PAGE);
        }
        Optional<Set<StateName>> states = states(request.getStatesValueList());
        if (states.isEmpty()) {
            return refuse("A state is unknown.", request.getStatesValueList().toString(), "1-9");
        }
        TaskFilter filter = new TaskFilter(
                TaskSpecs.orDefault(request.getTenant(), TaskChecks.DEFAULT),
                request.getQueue(),
                request.getCapability(),
                states.get(),
                request.getLabelsMap());
        return page(filter, before, size);
    }

    private static Outcome<ListTasksResponse> refuse(String message, String value, String expected) {
        return Outcome.refused(MeshError.of(Code.CODE_INVALID_REQUEST, message, value, expected));
    }

    /** Returns the wanted states; empty when one is unknown. */
    private static Optional<Set<StateName>> states(List<Integer> numbers) {
        Set<StateName> states = EnumSet.noneOf(StateName.class);
        for (int number : numbers) {
            TaskState state = TaskState.forNumber(number);
            if (state == null) {
                return Optional.empty();
            }
            if (state != TaskState.TASK_STATE_UNSPECIFIED) {
                states.add(StateName.of(number));
            }
        }
        return Optional.of(states);
    }

    private Outcome<ListTasksResponse> page(TaskFilter filter, long first, int size)
            throws InterruptedException, ExecutionException {
        List<TaskSnapshot> found = new ArrayList<>();
        long before = first;
        for (int round = 0; round < MAX_ROUNDS && found.size() < size && before != Page.NOTHING_BELOW; round++) {
            Outcome<Page> live = Calls.await(dispatcher.list(filter, before, size - found.size()));
            if (!(live instanceof Outcome.Done<Page>(Page livePage))) {
                return Outcome.refused(((Outcome.Refused<Page>) live).error());
            }
            long below = before;
            int wanted = size - found.size();
            Page finished = Calls.await(store.run(open -> open.finished(filter, below, wanted, MAX_EXAMINED)));
            before = merge(livePage, finished, wanted, found);
        }
        String rest = before == Page.NOTHING_BELOW ? "" : TaskId.text(before);
        PageOf<Task> page = PageOf.start(found.stream().map(TaskMessages::bare).toList(), Task::getTaskId);
        return Outcome.done(ListTasksResponse.newBuilder()
                .addAllTasks(page.entries())
                .setNextPageToken(page.next().isEmpty() ? rest : page.next())
                .build());
    }

    /** Adds what both pages have looked at, newest first, and returns from where to go on. */
    private static long merge(Page live, Page finished, int wanted, List<TaskSnapshot> found) {
        long downTo = Math.max(live.examinedDownTo(), finished.examinedDownTo());
        Map<Long, TaskSnapshot> merged = new TreeMap<>(Comparator.reverseOrder());
        live.tasks().forEach(task -> merged.put(task.id(), task));
        finished.tasks().forEach(task -> merged.put(task.id(), task));
        int added = 0;
        for (TaskSnapshot task : merged.values()) {
            if (task.id() < downTo) {
                break;
            }
            found.add(task);
            added++;
            if (added == wanted) {
                return task.id();
            }
        }
        return downTo;
    }

    /** Returns results that a watch left out. */
    Map<Long, TaskSnapshot> withResults(List<Long> ids) throws InterruptedException, ExecutionException {
        return Calls.await(store.run(open -> {
            Map<Long, TaskSnapshot> tasks = new TreeMap<>();
            for (long id : ids) {
                StoredTask task = open.find(id);
                if (task != null) {
                    tasks.put(id, task.task());
                }
            }
            return tasks;
        }));
    }
}
