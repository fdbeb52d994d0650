package io.dray.sidecar.peers;

/** What must know when other sidecars come, move or go. Called on the control loop; must not block. */
public interface PeersListener {
    /** The peer is new, or came back with another incarnation or address. */
    void onPeerChanged(Peer peer);

    /** That incarnation of the node is gone; a greater one may follow at once. */
    void onPeerGone(String node, long incarnation);
}
