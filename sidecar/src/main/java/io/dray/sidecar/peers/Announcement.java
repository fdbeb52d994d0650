package io.dray.sidecar.peers;

import io.dray.router.v1.AgentEntry;
import io.dray.router.v1.Interest;
import java.util.List;

/** All agents of this node and all its topic interest, in full. */
public record Announcement(List<AgentEntry> agents, List<Interest> interests) {
    public Announcement {
        agents = List.copyOf(agents);
        interests = List.copyOf(interests);
    }
}
