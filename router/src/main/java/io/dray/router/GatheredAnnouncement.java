package io.dray.router;

import io.dray.core.wire.MeshError;
import io.dray.router.v1.JoinRequest;
import io.dray.router.v1.NodeAnnouncement;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.util.Optional;

/** An announcement that comes in parts, until it is whole. Belongs to the event loop of one stream. */
final class GatheredAnnouncement {
    private static final int MAX_BYTES = 32 * 1024 * 1024;

    private NodeAnnouncement.Builder parts = NodeAnnouncement.newBuilder();
    private long bytes;
    private boolean unfinished;

    /** Takes a part; one of another revision than those before it starts anew. */
    Optional<Error> add(NodeAnnouncement part) {
        if (unfinished && isSame(part)) {
            parts.addAllAgents(part.getAgentsList()).addAllInterests(part.getInterestsList());
        } else {
            parts = part.toBuilder();
            bytes = 0;
        }
        bytes += part.getSerializedSize();
        unfinished = part.getMore();
        if (bytes <= MAX_BYTES) {
            return Optional.empty();
        }
        return Optional.of(MeshError.of(
                Code.CODE_TOO_LARGE,
                "The announcement of the node is too large.",
                bytes + " bytes",
                "at most " + MAX_BYTES));
    }

    private boolean isSame(NodeAnnouncement part) {
        return parts.getNode().equals(part.getNode())
                && parts.getIncarnation() == part.getIncarnation()
                && parts.getRevision() == part.getRevision();
    }

    /** Whether parts of the announcement are still to come. */
    boolean isUnfinished() {
        return unfinished;
    }

    /** Returns a frame with the whole announcement in the place of its last part; forgets the parts. */
    JoinRequest into(JoinRequest last) {
        JoinRequest whole = last.toBuilder().setAnnouncement(parts.clearMore()).build();
        parts = NodeAnnouncement.newBuilder();
        return whole;
    }
}
