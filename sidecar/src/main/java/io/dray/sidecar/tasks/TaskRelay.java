package io.dray.sidecar.tasks;

import io.dray.agent.v1.AttemptUpdate;
import io.dray.sidecar.routers.ControlLoop;
import io.dray.sidecar.routers.NodeIdentity;
import io.dray.sidecar.routers.Routers;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/** Passes assignments from the router to the workers of this host and their outcomes back. */
public final class TaskRelay implements AutoCloseable {
    public TaskRelay(
            Routers routers, WorkerPort port, NodeReporter reporter, ControlLoop control, MeterRegistry meters) {}

    /** Starts the work stream; called once. */
    public void start(NodeIdentity identity) {}

    /** Takes no assignment from now on; what runs goes on. Any thread. */
    public void drain() {}

    /** A worker attached, with the attempts that live in it and the outcomes it still holds. Any thread. */
    public void workerAttached(WorkerInfo worker, List<AttemptUpdate> running) {}

    /** A worker said goodbye and is still attached: it gets nothing new. Any thread. */
    public void workerLeaving(String instance) {}

    /** A worker said something of an attempt. Any thread; updates of one attempt in order. */
    public void workerUpdate(String instance, AttemptUpdate update) {}

    /**
     * A worker's stream ended. Any thread.
     *
     * @param goodbye true when it left by its own will: what it held is failed at once
     */
    public void workerDetached(String instance, boolean goodbye) {}

    @Override
    public void close() {}
}
