package io.dray.agent;

import io.dray.core.net.ChannelSettings;
import io.dray.core.net.Endpoint;
import io.dray.core.net.GrpcChannels;
import java.time.Clock;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/** Wires attachments to real sockets and clocks. */
final class Attachments {
    private Attachments() {}

    static Mesh attach(AgentSpec agent, MeshConfig config) {
        if (agent.slots() > 0 && agent.capabilities().isEmpty()) {
            throw new MeshException(Errors.noCapability(agent.name()));
        }
        var endpoint = Endpoint.parse(config.sidecar());
        var loops = SharedLoops.get(config.transport());
        var eventLoop = loops.loop();
        var loop = new Loop(eventLoop, eventLoop::inEventLoop, Clock.systemUTC(), System::nanoTime);
        var channel = GrpcChannels.open(
                loops,
                endpoint,
                ChannelSettings.forAgents().withWindow(config.buffers().window()));
        RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        var mesh = new AttachedMesh(agent, config, new AttachedMesh.Wiring(loop, channel, random));
        try {
            return mesh.attach();
        } catch (RuntimeException e) {
            channel.shutdownNow();
            throw e;
        }
    }
}
