package io.dray.agent;

import io.dray.agent.v1.AttachRequest;

/** The way to the sidecar while attached. Belongs to the loop. */
interface SidecarPort {
    /** Whether attached, and gRPC takes a frame without queueing too much. */
    boolean isReady();

    void write(AttachRequest frame);
}
