package io.dray.sidecar.peers;

/** What is attached to this sidecar now. Called on the control loop; must not block. */
public interface LocalDirectory {
    Announcement snapshot();
}
