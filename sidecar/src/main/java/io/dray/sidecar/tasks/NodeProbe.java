package io.dray.sidecar.tasks;

import java.nio.file.Path;

/** The figures of this host, from the JVM's view of its container, /proc and the control groups. */
public final class NodeProbe {
    private final Path root;

    /** @param root where proc/ and sys/ are; "/" outside of tests */
    public NodeProbe(Path root) {
        this.root = root;
    }

    Path root() {
        return root;
    }
}
