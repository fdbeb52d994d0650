package io.dray.sidecar.tasks;

/** Samples the host on a virtual thread and numbers the reports. */
public final class NodeReporter {
    private final NodeProbe probe;
    private final NodeLoad load;

    public NodeReporter(NodeProbe probe, NodeLoad load) {
        this.probe = probe;
        this.load = load;
    }

    NodeProbe probe() {
        return probe;
    }

    NodeLoad load() {
        return load;
    }
}
