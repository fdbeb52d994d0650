package io.dray.router.fleet;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one sidecar is told in one frame. Owned by the directory's thread until it is sent. */
public final class DirectoryNews {
    private final List<NodePlace> nodes = new ArrayList<>();
    private final List<Members> members = new ArrayList<>();
    private final List<NodeAnnouncement> interests = new ArrayList<>();
    private final List<NodePlace> gone = new ArrayList<>();
    private boolean complete;
    private @Nullable PoolPlace owner;

    /** Returns places of nodes that are new or have moved. */
    public List<NodePlace> nodes() {
        return nodes;
    }

    /** Returns full member sets. */
    public List<Members> members() {
        return members;
    }

    /** Returns announcements whose full topic interest counts from now on. */
    public List<NodeAnnouncement> interests() {
        return interests;
    }

    /** Returns incarnations that are gone. */
    public List<NodePlace> gone() {
        return gone;
    }

    /** Returns whether the router knows every node that it expects. */
    public boolean isComplete() {
        return complete;
    }

    /** Returns who owns the pool from now on; null says nothing. */
    public @Nullable PoolPlace owner() {
        return owner;
    }

    void sayOwner(PoolPlace now) {
        owner = now;
    }

    void sayComplete() {
        complete = true;
    }

    boolean isEmpty() {
        return nodes.isEmpty()
                && members.isEmpty()
                && interests.isEmpty()
                && gone.isEmpty()
                && !complete
                && owner == null;
    }
}
