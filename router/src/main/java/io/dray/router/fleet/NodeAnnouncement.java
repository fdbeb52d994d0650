package io.dray.router.fleet;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A node and all its agents, in full, as of one revision. Immutable. */
public record NodeAnnouncement(
        NodePlace place, long revision, List<AgentPlace> agents, List<Interest> interests, String software) {
    public NodeAnnouncement {
        agents = List.copyOf(agents);
        interests = List.copyOf(interests);
    }

    /** Returns how many instances answer to each address on this node. */
    Map<AddressName, Integer> members() {
        Map<AddressName, Integer> members = new LinkedHashMap<>();
        for (AgentPlace agent : agents) {
            members.merge(new AddressName(AddressName.Kind.AGENT, agent.agent()), 1, Integer::sum);
            members.merge(new AddressName(AddressName.Kind.INSTANCE, agent.instance()), 1, Integer::sum);
            for (String capability : agent.capabilities()) {
                members.merge(new AddressName(AddressName.Kind.CAPABILITY, capability), 1, Integer::sum);
            }
        }
        return members;
    }
}
