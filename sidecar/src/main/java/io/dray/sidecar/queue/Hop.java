package io.dray.sidecar.queue;

import io.dray.types.v1.HopNote;
import java.util.List;

/**
 * What a hop knows of an envelope beside its bytes. Immutable, shared by all envelopes with the same facts, so that runs
 * of them can be told by identity.
 */
public final class Hop {
    private final HopNote shared;
    private final boolean silent;

    private Hop(HopNote shared) {
        this.shared = shared;
        this.silent = shared.getSerializedSize() == 0;
    }

    /** Returns the facts of a note; its range and deadline are not part of them. */
    public static Hop of(HopNote note) {
        return new Hop(note.toBuilder()
                .clearFirst()
                .clearCount()
                .clearDeadlineUnixMicros()
                .build());
    }

    /** Returns the facts of envelopes that an attached agent sends. */
    public static Hop from(String principal) {
        return new Hop(HopNote.newBuilder().setPrincipal(principal).build());
    }

    /** Returns these facts for one node, or one instance, of a publication. */
    public Hop forTopic(boolean plain, List<String> groups) {
        return new Hop(shared.toBuilder()
                .clearQueueGroups()
                .addAllQueueGroups(groups)
                .setPlainSubscribers(plain)
                .build());
    }

    /** Queue groups of a topic for which this node was picked. */
    public List<String> queueGroups() {
        return shared.getQueueGroupsList();
    }

    /** Whether this node delivers to subscribers outside of queue groups. */
    public boolean plainSubscribers() {
        return shared.getPlainSubscribers();
    }

    /** Whether there is nothing to tell. */
    public boolean silent() {
        return silent;
    }

    /** The note of these facts, without range and deadline. */
    public HopNote shared() {
        return shared;
    }
}
