package io.dray.sidecar.tasks;

import io.dray.router.v1.NodeReport;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Samples the host beside the control loop and makes numbered reports of it. Reports: control loop only. */
public final class NodeReporter {
    private final NodeProbe probe;
    private final NodeLoad load;
    private final Executor sampler;
    private long lastNumber;

    /** Samples on virtual threads. */
    public NodeReporter(NodeProbe probe, NodeLoad load) {
        this(probe, load, task -> Thread.ofVirtual().name("dray-probe").start(task));
    }

    NodeReporter(NodeProbe probe, NodeLoad load, Executor sampler) {
        this.probe = probe;
        this.load = load;
        this.sampler = sampler;
    }

    /** Measures the host; done is called by the sampler's thread. */
    void sample(Consumer<HostFigures> done) {
        sampler.execute(() -> done.accept(probe.sample()));
    }

    /**
     * Returns the next report.
     *
     * @param countedThrough greatest assignment number of the stream whose use the figures hold already
     */
    NodeReport report(HostFigures figures, long countedThrough) {
        lastNumber++;
        return NodeReport.newBuilder()
                .setNumber(lastNumber)
                .setFreeCpuMillis(figures.freeCpuMillis())
                .setFreeMemoryBytes(figures.freeMemoryBytes())
                .setAssignmentsCountedThrough(countedThrough)
                .setPressurePermille(figures.pressurePermille())
                .setTotalCpuMillis(figures.totalCpuMillis())
                .setTotalMemoryBytes(figures.totalMemoryBytes())
                .setLoadPermille(figures.loadPermille())
                .setAgents(load.agents())
                .setQueuedEnvelopes(load.queuedEnvelopes())
                .setQueuedBytes(load.queuedBytes())
                .putAllGauges(figures.gauges())
                .build();
    }
}
