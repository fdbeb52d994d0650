package io.dray.sidecar;

import io.dray.core.wire.WireLimits;
import io.dray.sidecar.blob.Blobs;
import io.dray.sidecar.local.Identity;
import io.dray.sidecar.local.LocalAgent;
import io.dray.sidecar.local.LocalAgents;
import io.dray.sidecar.local.SessionKeys;
import io.dray.sidecar.outbound.Forwarder;
import io.dray.sidecar.queue.Micros;
import io.dray.sidecar.replies.ReplyCache;
import io.dray.types.v1.Error;
import java.time.InstantSource;
import java.util.List;

/** What the clients of the unary door share. Immutable. */
record DoorContext(
        String node,
        LocalAgents agents,
        Forwarder forwarder,
        WireLimits limits,
        Blobs blobs,
        ReplyCache replies,
        DoorPlaces places,
        RouteTimes times,
        InstantSource clock) {

    LocalAgent add(Identity identity) {
        LocalAgent agent = agents.add(identity, List.of());
        if (agent == null) {
            throw new IllegalStateException("instance " + identity.instance() + " is there already");
        }
        return agent;
    }

    void remove(LocalAgent agent, Error error) {
        agents.remove(agent, error);
    }

    long newSession() {
        return SessionKeys.newSession();
    }

    long nowMicros() {
        return Micros.of(clock);
    }
}
