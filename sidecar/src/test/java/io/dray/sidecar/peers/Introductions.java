package io.dray.sidecar.peers;

/** Tells nodes of one another as a router would. */
public final class Introductions {
    private Introductions() {}

    /** Tells where a node is. */
    public static void introduce(DirectoryClient directory, Peer peer) {
        directory.peers().put(peer);
    }
}
