package io.dray.sidecar.peers;

import java.util.List;

/** The topic interest of all other nodes. Written by the control loop, read by any thread. */
public final class TopicInterest {
    private volatile Snapshot snapshot = new Snapshot(0, List.of());

    /** All interest at one moment; the version grows with each change. */
    public record Snapshot(long version, List<RemoteInterest> interests) {
        public Snapshot {
            interests = List.copyOf(interests);
        }
    }

    public Snapshot snapshot() {
        return snapshot;
    }

    void replace(List<RemoteInterest> interests) {
        if (!interests.equals(snapshot.interests())) {
            snapshot = new Snapshot(snapshot.version() + 1, interests);
        }
    }
}
