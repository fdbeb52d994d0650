package io.dray.sidecar;

import io.dray.core.wire.MeshError;
import io.dray.peer.v1.Load;
import io.dray.sidecar.blob.Blobs;
import io.dray.sidecar.local.LocalAgent;
import io.dray.sidecar.local.LocalAgents;
import io.dray.sidecar.outbound.PeerLinks;
import io.dray.sidecar.queue.Micros;
import io.dray.sidecar.queue.Refusals;
import io.dray.sidecar.replies.ReplyCache;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a sidecar does once a second: instances that did not come back go, what nobody waits for is forgotten, and peers
 * hear how busy the others are. While anything waits for an agent it looks more often whether that is stuck. Runs on one
 * loop.
 */
final class Upkeep {
    private static final Logger log = LoggerFactory.getLogger(Upkeep.class);

    private static final int LOOK_MILLIS = 250;

    private final LocalAgents agents;
    private final PeerDoor peerDoor;
    private final PeerLinks links;
    private final Blobs blobs;
    private final DoorPlaces places;
    private final ReplyCache replies;
    private volatile Duration resume;
    private final InstantSource clock;
    private boolean looking;

    Upkeep(
            LocalAgents agents,
            PeerDoor peerDoor,
            PeerLinks links,
            Blobs blobs,
            DoorPlaces places,
            ReplyCache replies,
            Duration resume,
            InstantSource clock) {
        this.agents = agents;
        this.peerDoor = peerDoor;
        this.links = links;
        this.blobs = blobs;
        this.places = places;
        this.replies = replies;
        this.resume = resume;
        this.clock = clock;
    }

    /** Begins; ends with the loop. */
    void start(ScheduledExecutorService loop) {
        var _ = loop.scheduleWithFixedDelay(() -> sweep(loop), 1, 1, TimeUnit.SECONDS);
    }

    /** Changes how long an instance that went is awaited; any thread. */
    void resume(Duration awaited) {
        resume = awaited;
    }

    private void sweep(ScheduledExecutorService loop) {
        try {
            forgetWhatIsOver();
            if (!looking) {
                lookForStuck(loop);
            }
        } catch (RuntimeException e) {
            // A timer that throws is never run again.
            log.error("sweep failed", e);
        }
    }

    private void forgetWhatIsOver() {
        long nowMicros = Micros.of(clock);
        Error late = MeshError.of(Code.CODE_EXPIRED, "the deadline passed before the agent answered", "", "");
        agents.all().stream()
                .filter(agent -> agent.mailbox().forgetExpired(nowMicros, late))
                .forEach(LocalAgent::wake);
        agents.all()
                .forEach(agent -> agents.removeAway(
                        agent,
                        resume.toNanos(),
                        Refusals.nodeLost("instance " + agent.instance() + " did not come back")));
        peerDoor.tellLoads(loads());
        links.forgetExpired();
        blobs.sweep(nowMicros);
        places.sweep(System.nanoTime());
        replies.sweep(nowMicros);
    }

    /** Goes on as long as something waits; an idle sidecar is not woken. */
    private void lookForStuck(ScheduledExecutorService loop) {
        looking = false;
        for (LocalAgent agent : agents.all()) {
            looking |= agent.mailbox().look();
        }
        if (looking) {
            var _ = loop.schedule(() -> lookForStuck(loop), LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private List<Load> loads() {
        return agents.all().stream()
                .filter(agent -> agent.identity().announced())
                .map(agent -> Load.newBuilder()
                        .setInstance(agent.instance())
                        .setQueued(agent.mailbox().queuedEnvelopes())
                        .setInHandlers(agent.mailbox().unanswered())
                        .build())
                .toList();
    }
}
