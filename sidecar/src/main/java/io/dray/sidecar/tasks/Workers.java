package io.dray.sidecar.tasks;

import io.dray.router.v1.WorkerSlots;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** The workers attached to this node, and those that went away a moment ago. Control loop only. */
final class Workers {
    private final Map<String, Worker> workers = new LinkedHashMap<>();

    /** One worker; a record of one attachment, so that an end of an earlier one is told apart. */
    static final class Worker {
        final WorkerInfo info;
        boolean leaving;
        boolean detached;

        Worker(WorkerInfo info) {
            this.info = info;
        }

        boolean isOpen() {
            return !leaving && !detached;
        }
    }

    Worker attach(WorkerInfo info) {
        Worker worker = new Worker(info);
        workers.put(info.instance(), worker);
        return worker;
    }

    @Nullable
    Worker get(String instance) {
        return workers.get(instance);
    }

    boolean isAttached(String instance) {
        Worker worker = workers.get(instance);
        return worker != null && !worker.detached;
    }

    void remove(Worker worker) {
        workers.remove(worker.info.instance(), worker);
    }

    /** Returns the workers that take tasks. */
    List<WorkerSlots> slots(ToIntFunction<String> used) {
        List<WorkerSlots> slots = new ArrayList<>();
        for (Worker worker : workers.values()) {
            if (worker.isOpen()) {
                WorkerInfo info = worker.info;
                slots.add(WorkerSlots.newBuilder()
                        .setInstance(info.instance())
                        .addAllCapabilities(info.capabilities())
                        .setTotal(info.slots())
                        .setFree(Math.max(0, info.slots() - used.applyAsInt(info.instance())))
                        .build());
            }
        }
        return slots;
    }
}
