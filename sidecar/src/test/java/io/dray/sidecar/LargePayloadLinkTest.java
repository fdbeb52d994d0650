package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.net.Endpoint;
import io.dray.core.net.EventLoops;
import io.dray.core.net.GrpcServers;
import io.dray.core.net.ServerSettings;
import io.dray.core.net.Transport;
import io.dray.core.testing.Await;
import io.dray.sidecar.peers.AddressKey;
import io.dray.sidecar.peers.Introductions;
import io.dray.sidecar.peers.Member;
import io.dray.sidecar.peers.Peer;
import io.dray.types.v1.Chunk;
import io.dray.types.v1.Envelope;
import io.grpc.Server;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large payloads over a real link between the doors of two nodes, all on one event loop. */
class LargePayloadLinkTest {
    @TempDir
    private Path folder;

    private final EventLoops loops = EventLoops.start(Transport.NIO, 1, "large-link");

    @Test
    void anEnvelopeWhosePayloadEndedWhileTheLinkWasMadeDoesNotCross() throws Exception {
        try (loops;
                Doors here = Doors.beside(folder.resolve("here"), "here", loops);
                Doors there = Doors.beside(folder.resolve("there"), "there", loops)) {
            Server server = GrpcServers.builder(loops, Endpoint.parse("127.0.0.1:0"), ServerSettings.forPeers(false))
                    .addService(there.peerDoor)
                    .build()
                    .start();
            AgentClient receiver = onLoop(() -> there.large("b"));
            AgentClient sender = onLoop(() -> here.large("a"));

            onLoop(() -> {
                Introductions.introduce(here.directory, new Peer("there", 1, "127.0.0.1:" + server.getPort()));
                here.directory.addresses().put(new AddressKey(AddressKey.AGENT, "b"), List.of(new Member("there", 1)));
                sender.send(LargePayloads.announced(sender, "b", LargePayloads.CHUNK));
                LargePayloads.say(
                        sender, Chunk.newBuilder().setBlob(LargePayloads.BLOB).setLast(true));
                sender.send(sender.envelope("b"));
                return here.links;
            });

            Await.until(
                    "what was sent last",
                    () -> onLoop(() -> {
                        here.loop.runReady();
                        there.loop.runReady();
                        return !receiver.received().isEmpty();
                    }));
            assertThat(onLoop(receiver::received))
                    .extracting(Envelope::getSequence)
                    .containsExactly(2L);
            assertThat(here.budget.used()).isZero();
            server.shutdownNow();
        }
    }

    private <T> T onLoop(Callable<T> task) {
        try {
            return loops.loop().submit(task).sync().getNow();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
