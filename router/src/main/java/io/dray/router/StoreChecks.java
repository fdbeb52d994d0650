package io.dray.router;

import io.dray.router.store.Inspection;
import io.dray.router.store.StoreException;
import io.dray.router.store.StoreThread;
import io.dray.router.store.StoredTask;
import io.dray.router.tasks.TaskId;
import io.dray.router.v1.CheckStoreResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** Looks at all of a store for one client, in steps between the commits, and tells each fault. Blocks. */
final class StoreChecks {
    private final StoreThread store;
    private final ReadyCall<CheckStoreResponse> call;
    private final long aboutTasks;
    private long tasks;

    StoreChecks(StoreThread store, ReadyCall<CheckStoreResponse> call, long aboutTasks) {
        this.store = store;
        this.call = call;
        this.aboutTasks = aboutTasks;
    }

    void run() throws InterruptedException, ExecutionException {
        List<Inspection.Check> checks =
                Calls.await(store.run(open -> open.inspection().checks()));
        for (Inspection.Check check : checks) {
            if (!tell(check.name(), List.of())) {
                return;
            }
            List<String> faults = Calls.await(store.run(_ -> faults(check)));
            if (!faults.isEmpty() && !tell(check.name(), faults)) {
                return;
            }
        }
        readAll();
        var _ = call.write(response("", List.of()).setDone(true).build());
    }

    /** A table that cannot be read at all is a fault, and not the end of the check. */
    private static List<String> faults(Inspection.Check check) {
        try {
            return check.faults();
        } catch (StoreException unreadable) {
            return List.of(check.name() + ": " + unreadable.getMessage());
        }
    }

    private void readAll() throws InterruptedException, ExecutionException {
        Step step = new Step(0, 0, List.of(), true);
        while (step.hasMore()) {
            long after = step.lastId();
            step = Calls.await(store.run(open -> step(open.inspection(), after)));
            tasks += step.read();
            if (!tell("reading tasks", step.faults())) {
                return;
            }
        }
    }

    /** Tasks that were read, and why some could not be. */
    private record Step(long lastId, int read, List<String> faults, boolean hasMore) {}

    private static Step step(Inspection inspection, long afterId) {
        try {
            List<StoredTask> read = inspection.tasks(afterId, Long.MAX_VALUE);
            return read.isEmpty()
                    ? new Step(afterId, 0, List.of(), false)
                    : new Step(read.getLast().task().id(), read.size(), List.of(), true);
        } catch (StoreException _) {
            return single(inspection, afterId);
        }
    }

    /** Some of the next cannot be read: they are taken one by one, so that only those are told. */
    private static Step single(Inspection inspection, long afterId) {
        List<String> faults = new ArrayList<>();
        try {
            long next = inspection.nextId(afterId);
            if (next == 0) {
                return new Step(afterId, 0, faults, false);
            }
            try {
                return new Step(next, inspection.tasks(afterId, next).size(), faults, true);
            } catch (StoreException unreadable) {
                faults.add("task " + TaskId.text(next) + " cannot be read: " + unreadable.getMessage());
                return new Step(next, 0, faults, true);
            }
        } catch (StoreException broken) {
            faults.add("tasks after " + TaskId.text(afterId) + " cannot be read: " + broken.getMessage());
            return new Step(afterId, 0, faults, false);
        }
    }

    private boolean tell(String step, List<String> faults) throws InterruptedException {
        return call.write(response(step, faults).build());
    }

    private CheckStoreResponse.Builder response(String step, List<String> faults) {
        return CheckStoreResponse.newBuilder()
                .setStep(step)
                .setTasks(tasks)
                .setAllTasks(Math.max(aboutTasks, tasks))
                .addAllFaults(faults);
    }
}
