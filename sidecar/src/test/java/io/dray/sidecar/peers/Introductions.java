package io.dray.sidecar.peers;

import java.util.List;

/** Tells nodes of one another as a router would. */
public final class Introductions {
    private Introductions() {}

    /** Tells where a node is. */
    public static void introduce(DirectoryClient directory, Peer peer) {
        directory.peers().put(peer);
    }

    /** Tells what other nodes subscribe to. */
    public static void subscribe(DirectoryClient directory, List<RemoteInterest> interests) {
        directory.interest().replace(interests);
    }
}
