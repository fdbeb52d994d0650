package io.dray.agent;

/** The way to the sidecar while attached. Belongs to the loop. */
interface SidecarPort {
    /** Whether attached, and gRPC takes a frame without queueing too much. */
    boolean isReady();

    /** Writes a frame; the caller sees afterwards whether it was copied. */
    void write(OutFrame frame);
}
