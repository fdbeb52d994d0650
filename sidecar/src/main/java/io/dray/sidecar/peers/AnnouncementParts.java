package io.dray.sidecar.peers;

import io.dray.router.v1.AgentEntry;
import io.dray.router.v1.Interest;
import io.dray.router.v1.NodeAnnouncement;
import java.util.ArrayList;
import java.util.List;

/**
 * What routers are told of this host: one revision in as many messages as it takes, and what had to be left out of it.
 * Instances and their capabilities are never left out, so whoever is attached can be addressed. Immutable.
 *
 * @param parts at least one; all but the last say that more comes
 * @param bareAgents instances that are announced without their labels
 * @param leftOutInterests topic interest that is not announced
 */
record AnnouncementParts(long revision, List<NodeAnnouncement> parts, int bareAgents, int leftOutInterests) {
    static final AnnouncementParts NONE =
            new AnnouncementParts(0, List.of(NodeAnnouncement.getDefaultInstance()), 0, 0);
    /** Far below the largest message that gRPC takes by default. */
    static final int PART_BYTES = 1024 * 1024;
    /** Routers take 32 MiB in all; every other sidecar hears the interest. */
    static final int MAX_LABEL_BYTES = 8 * 1024 * 1024;

    static final int MAX_INTEREST_BYTES = 8 * 1024 * 1024;

    AnnouncementParts {
        parts = List.copyOf(parts);
    }

    static AnnouncementParts of(NodeAnnouncement head, Announcement now) {
        Cutter cutter = new Cutter(head);
        now.agents().forEach(cutter::add);
        now.interests().forEach(cutter::add);
        return cutter.end();
    }

    boolean isWhole() {
        return bareAgents == 0 && leftOutInterests == 0;
    }

    private static final class Cutter {
        private final NodeAnnouncement head;
        private final List<NodeAnnouncement> parts = new ArrayList<>();
        private NodeAnnouncement.Builder part;
        private int partBytes;
        private int labelBytes;
        private int interestBytes;
        private int bareAgents;
        private int leftOutInterests;

        Cutter(NodeAnnouncement head) {
            this.head = head;
            this.part = head.toBuilder();
            this.partBytes = head.getSerializedSize();
        }

        void add(AgentEntry agent) {
            AgentEntry bare = agent.toBuilder().clearLabels().build();
            int labels = agent.getSerializedSize() - bare.getSerializedSize();
            boolean fits = labels <= MAX_LABEL_BYTES - labelBytes;
            labelBytes += fits ? labels : 0;
            bareAgents += fits ? 0 : 1;
            AgentEntry entry = fits ? agent : bare;
            makeRoom(entry.getSerializedSize());
            part.addAgents(entry);
        }

        void add(Interest interest) {
            int bytes = interest.getSerializedSize();
            if (bytes > MAX_INTEREST_BYTES - interestBytes) {
                leftOutInterests++;
                return;
            }
            interestBytes += bytes;
            makeRoom(bytes);
            part.addInterests(interest);
        }

        private void makeRoom(int bytes) {
            if (partBytes + bytes > PART_BYTES) {
                parts.add(part.setMore(true).build());
                part = NodeAnnouncement.newBuilder()
                        .setNode(head.getNode())
                        .setIncarnation(head.getIncarnation())
                        .setRevision(head.getRevision());
                partBytes = 0;
            }
            partBytes += bytes;
        }

        AnnouncementParts end() {
            parts.add(part.build());
            return new AnnouncementParts(head.getRevision(), parts, bareAgents, leftOutInterests);
        }
    }
}
