package io.dray.sidecar.outbound;

import io.dray.sidecar.peers.Peer;
import io.dray.sidecar.queue.Levels;
import io.dray.sidecar.queue.Origin;
import io.dray.sidecar.queue.Parcel;
import io.dray.types.v1.Error;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Which node has which envelope of this host's agents, for those whose end somebody waits for: to refuse them when the
 * node is lost, and to send a resend where the first copy went. Thread-safe.
 */
final class Custody {
    private record Key(long session, long sequence) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int bySession = Long.compare(session, other.session);
            return bySession == 0 ? Long.compare(sequence, other.sequence) : bySession;
        }
    }

    private record Held(String node, long incarnation, Origin origin, boolean sticky, int wish, long deadlineMicros) {
        /** A later start of the node may have got envelopes before the link to the former one is closed. */
        boolean isWith(Peer peer) {
            return incarnation == peer.incarnation() && node.equals(peer.node());
        }

        /** Whether nothing more is to come for the sender. */
        boolean endsWith(int level) {
            return level >= Levels.DONE || (!sticky && level >= wish);
        }
    }

    /** Sorted, so that a run costs by what is held of it, not by what a peer claims. */
    private final ConcurrentNavigableMap<Key, Held> held = new ConcurrentSkipListMap<>();

    /** Notes that a tracked envelope is being written to a node. */
    void sent(Parcel parcel, String node, long incarnation) {
        var entry = new Held(node, incarnation, parcel.origin, parcel.ordinal != 0, parcel.wish, parcel.deadlineMicros);
        held.put(new Key(parcel.session, parcel.sequence), entry);
    }

    /** Returns the node that has the envelope, if the same incarnation of it still lives. */
    @Nullable
    String nodeOf(Parcel parcel, PeerLinks links) {
        Held entry = held.get(new Key(parcel.session, parcel.sequence));
        return entry != null && links.lives(entry.node, entry.incarnation) ? entry.node : null;
    }

    /** Notes what a node said of a run; ends custody when the level is final for the sender. */
    void said(long session, long first, int count, int level) {
        if (level < Levels.DELIVERED) {
            return;
        }
        long last = first + Math.max(count, 1) - 1;
        Key end = new Key(session, last < first ? Long.MAX_VALUE : last);
        held.subMap(new Key(session, first), true, end, true).values().removeIf(entry -> entry.endsWith(level));
    }

    /** Refuses everything that a start of a node has; resends of AT_LEAST_ONCE still go there while its incarnation lives. */
    void lost(Peer peer, Error error) {
        var lost = new ArrayList<Map.Entry<Key, Held>>();
        for (var entry : held.entrySet()) {
            if (entry.getValue().isWith(peer)) {
                lost.add(entry);
            }
        }
        refuse(lost, error);
    }

    /** Forgets what nobody waits for any more. */
    void forgetExpired(long nowMicros) {
        held.values().removeIf(entry -> entry.deadlineMicros != 0 && entry.deadlineMicros < nowMicros);
    }

    private void refuse(List<Map.Entry<Key, Held>> lost, Error error) {
        for (var entry : lost) {
            Key key = entry.getKey();
            Held value = entry.getValue();
            if (!value.sticky) {
                held.remove(key, value);
            }
            value.origin.receipt(key.session, key.sequence, Levels.REFUSED, error);
        }
    }
}
