package io.dray.sidecar.peers;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Where the other sidecars are. Written by the control loop, read by any thread. */
public final class Peers {
    private final ConcurrentHashMap<String, Peer> peers = new ConcurrentHashMap<>();
    private final List<PeersListener> listeners = new CopyOnWriteArrayList<>();

    public @Nullable Peer get(String node) {
        return peers.get(node);
    }

    public List<Peer> all() {
        return List.copyOf(peers.values());
    }

    int size() {
        return peers.size();
    }

    /** Adds a listener; it hears of changes from now on. */
    public void listen(PeersListener listener) {
        listeners.add(listener);
    }

    void put(Peer peer) {
        Peer before = peers.put(peer.node(), peer);
        if (peer.equals(before)) {
            return;
        }
        if (before != null && before.incarnation() != peer.incarnation()) {
            listeners.forEach(listener -> listener.onPeerGone(before.node(), before.incarnation()));
        }
        listeners.forEach(listener -> listener.onPeerChanged(peer));
    }

    void remove(String node) {
        Peer before = peers.remove(node);
        if (before != null) {
            listeners.forEach(listener -> listener.onPeerGone(node, before.incarnation()));
        }
    }
}
