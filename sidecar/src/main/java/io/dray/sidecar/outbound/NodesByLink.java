package io.dray.sidecar.outbound;

import io.dray.sidecar.queue.BetterOfTwo;
import io.dray.sidecar.queue.Parcel;
import java.util.function.Function;

/**
 * What is known of nodes by the links to them: one to which there is none yet has nothing to do. Thread-safe.
 *
 * @param name of a node
 */
record NodesByLink<T>(PeerLinks links, Function<T, String> name) implements BetterOfTwo.Candidates<T> {
    /** What waits for a link that is down may be refused in the end; at a node that is busy it is taken one day. */
    private static final long DOWN = 1L << 40;

    /** What is sent to nobody is refused at once. */
    private static final long UNKNOWN = DOWN << 1;

    @Override
    public boolean isUsable(T node, Parcel parcel) {
        PeerLink link = links.existing(name.apply(node));
        return link == null ? links.isKnown(name.apply(node)) : link.isUp() && !link.isPaused(parcel);
    }

    @Override
    public long load(T node) {
        PeerLink link = links.existing(name.apply(node));
        if (link == null) {
            return links.isKnown(name.apply(node)) ? 0 : UNKNOWN;
        }
        return link.outstanding() + (link.isUp() ? 0 : DOWN);
    }
}
