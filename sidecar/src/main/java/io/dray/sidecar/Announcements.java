package io.dray.sidecar;

import io.dray.router.v1.AgentEntry;
import io.dray.router.v1.Interest;
import io.dray.sidecar.local.LocalAgent;
import io.dray.sidecar.local.LocalAgents;
import io.dray.sidecar.peers.Announcement;
import io.dray.sidecar.peers.LocalDirectory;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** What routers are told of this host: announced instances and topic interest, in full. Thread-safe. */
final class Announcements implements LocalDirectory {
    private final LocalAgents agents;

    Announcements(LocalAgents agents) {
        this.agents = agents;
    }

    @Override
    public Announcement snapshot() {
        var entries = new ArrayList<AgentEntry>();
        for (LocalAgent agent : agents.table().open()) {
            entries.add(AgentEntry.newBuilder()
                    .setInstance(agent.instance())
                    .addAllCapabilities(agent.identity().capabilities())
                    .putAllLabels(agent.identity().labels())
                    .setTaskSlots(agent.identity().taskSlots())
                    .build());
        }
        var interests = new LinkedHashSet<Interest>();
        agents.subscriptions()
                .all()
                .forEach(subscriber -> interests.add(Interest.newBuilder()
                        .setPattern(subscriber.pattern())
                        .setQueueGroup(subscriber.queueGroup())
                        .build()));
        return new Announcement(entries, List.copyOf(interests));
    }
}
