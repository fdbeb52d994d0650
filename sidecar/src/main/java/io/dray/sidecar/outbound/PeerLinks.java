package io.dray.sidecar.outbound;

import io.dray.sidecar.peers.Peer;
import io.dray.sidecar.peers.Peers;
import io.dray.sidecar.peers.PeersListener;
import io.dray.sidecar.queue.Parcel;
import io.dray.sidecar.queue.Refusals;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The links of this sidecar, made on first use. Thread-safe. */
public final class PeerLinks implements PeersListener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PeerLinks.class);

    private final Peers peers;
    private final LinkSettings settings;
    private final LinkContext context;
    private final Map<String, PeerLink> links = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** Creates no link yet; the caller adds this as a listener of the peers. */
    public PeerLinks(Peers peers, LinkSettings settings, LinkContext context) {
        this.peers = peers;
        this.settings = settings;
        this.context = context;
    }

    /** Returns the link to a node, or null when nobody knows where the node is. */
    @Nullable
    PeerLink to(String node) {
        PeerLink link = links.get(node);
        if (link != null || closed) {
            return link;
        }
        Peer peer = peers.get(node);
        return peer == null ? null : made(peer);
    }

    private @Nullable PeerLink made(Peer peer) {
        PeerLink link;
        try {
            link = links.computeIfAbsent(peer.node(), _ -> new PeerLink(peer, settings, context));
        } catch (IllegalArgumentException e) {
            // A node may advertise nonsense; its senders are told that it cannot be reached.
            log.debug("no link: node={} address={}: {}", peer.node(), peer.address(), e.getMessage());
            return null;
        }
        if (closed || !link.peer().equals(peers.get(peer.node()))) {
            // The peer changed before the link was there to hear of it.
            drop(link, "node " + peer.node() + " started again or moved");
        }
        return link;
    }

    /** Returns the link to a node if there is one already. */
    @Nullable
    PeerLink existing(String node) {
        return links.get(node);
    }

    /** Whether anybody knows where a node is. */
    boolean isKnown(String node) {
        return peers.get(node) != null;
    }

    /** The node to which an earlier copy of the envelope went, if it still lives. */
    @Nullable
    String holderOf(Parcel parcel) {
        return context.custody().nodeOf(parcel, this);
    }

    /** Whether earlier copies of some of the run went to a node. */
    boolean holdsAny(Parcel parcel) {
        return context.custody().holdsAny(parcel);
    }

    boolean lives(String node, long incarnation) {
        Peer peer = peers.get(node);
        return peer != null && peer.incarnation() == incarnation;
    }

    /** Nodes to which a link is up. */
    public List<String> up() {
        return links.values().stream()
                .filter(PeerLink::isUp)
                .map(link -> link.peer().node())
                .sorted()
                .toList();
    }

    /** Bytes that wait for links. */
    public long queuedBytes() {
        return all().stream().mapToLong(PeerLink::queuedBytes).sum();
    }

    /** Envelopes that wait for links. */
    public long queuedEnvelopes() {
        return all().stream().mapToLong(PeerLink::queuedEnvelopes).sum();
    }

    /** Forgets envelopes whose deadline has passed. */
    public void forgetExpired() {
        context.custody().forgetExpired(context.nowMicros());
    }

    @Override
    public void onPeerChanged(Peer peer) {
        PeerLink link = links.get(peer.node());
        if (link == null) {
            return;
        }
        if (link.peer().equals(peer)) {
            link.retryNow();
        } else {
            drop(link, "node " + peer.node() + " started again or moved");
        }
    }

    @Override
    public void onPeerGone(String node, long incarnation) {
        PeerLink link = links.get(node);
        if (link != null && link.peer().incarnation() == incarnation) {
            drop(link, "node " + node + " went away");
        }
    }

    @Override
    public void close() {
        closed = true;
        all().forEach(link -> drop(link, "this sidecar stops"));
    }

    private Collection<PeerLink> all() {
        return List.copyOf(links.values());
    }

    private void drop(PeerLink link, String why) {
        if (links.remove(link.peer().node(), link)) {
            link.close(Refusals.nodeLost(why));
        }
    }
}
