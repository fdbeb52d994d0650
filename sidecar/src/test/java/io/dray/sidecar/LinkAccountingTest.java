package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.net.Endpoint;
import io.dray.core.net.EventLoops;
import io.dray.core.net.GrpcServers;
import io.dray.core.net.ServerSettings;
import io.dray.core.net.Transport;
import io.dray.core.testing.Await;
import io.dray.sidecar.local.LocalAgent;
import io.dray.sidecar.peers.AddressKey;
import io.dray.sidecar.peers.Introductions;
import io.dray.sidecar.peers.Member;
import io.dray.sidecar.peers.Peer;
import io.dray.sidecar.queue.Refusals;
import io.dray.types.v1.Error;
import io.grpc.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The property of {@link ByteAccountingTest} over a link that is stalled, cut and made again: on both nodes what senders
 * and the other node hold and large payloads may take is what the memory budget has given out, at each step, and nothing
 * at rest.
 *
 * <p>All of both nodes runs on one event loop, steps included, so that it can be looked at between any two of its turns.
 */
class LinkAccountingTest {
    private static final int STEPS = 2_000;
    private static final int MOST_PAUSE_MICROS = 2_000;
    private static final Duration LOOK_UPS = Duration.ofSeconds(4);
    private static final Error AWAY = Refusals.nodeLost("the instance did not come back");
    private static final List<String> NAMES = List.of("here-0", "here-1", "there-0", "there-1");

    @TempDir
    private Path folder;

    private final EventLoops loops = EventLoops.start(Transport.NIO, 1, "link-accounting");

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 20_261_121})
    void whatIsHeldOnBothNodesIsWhatWasReservedAndNothingAtRest(long seed) throws Exception {
        System.out.println("LinkAccountingTest seed " + seed);
        var random = new Random(seed);
        try (loops;
                Node here = new Node("here");
                Node there = new Node("there")) {
            onLoop(() -> here.meets(there) && there.meets(here));
            for (Node node : List.of(here, there)) {
                Await.until("the link of " + node.name, Duration.ofSeconds(20), () -> onLoop(() -> node.links(random)));
            }
            for (int i = 0; i < STEPS; i++) {
                int step = i;
                onLoop(() -> step(random.nextBoolean() ? here : there, random, "seed " + seed + " step " + step));
                // What is on its way needs some turns of the loop, and a broken link 50 ms until it is tried again.
                loops.loop()
                        .schedule(() -> {}, random.nextInt(MOST_PAUSE_MICROS), TimeUnit.MICROSECONDS)
                        .sync();
                check(here, there, "seed " + seed + " step " + step);
            }

            onLoop(() -> here.rest() && there.rest());
            for (Node node : List.of(here, there)) {
                Await.until(
                        () -> node.name + " has " + node.doors.budget.used() + " bytes (expected: 0; seed " + seed
                                + ")",
                        Duration.ofSeconds(30),
                        () -> onLoop(node::isEmpty));
                assertThat(node.mostLinked)
                        .as("waited for the link of %s, seed %s", node.name, seed)
                        .isPositive();
                assertThat(node.mostLarge)
                        .as("large payloads were under way on %s, seed %s", node.name, seed)
                        .isPositive();
                assertThat(node.mostHeldForOther)
                        .as("waited at %s for the other, seed %s", node.name, seed)
                        .isPositive();
            }
        }
    }

    private void check(Node here, Node there, String when) throws Exception {
        for (Node node : List.of(here, there)) {
            long[] seen = onLoop(() -> new long[] {node.held(), node.doors.budget.used()});
            assertThat(seen[0]).as("%s %s", node.name, when).isEqualTo(seen[1]);
        }
    }

    private static boolean step(Node node, Random random, String when) throws IOException {
        switch (random.nextInt(200)) {
            case 0 -> node.way.cut();
            case 1, 2 -> node.way.stall(true);
            case 3, 4, 5 -> node.way.stall(false);
            case 6, 7, 8 -> node.removeAway();
            case 9, 10, 11 -> {
                node.doors.loop.advance(Duration.ofMillis(random.nextInt(500)));
                node.doors.blobs.sweep(node.doors.context.nowMicros());
            }
            default -> node.players.get(random.nextInt(node.players.size())).act(random);
        }
        node.doors.loop.runReady();
        assertThat(node.held()).as("%s %s", node.name, when).isEqualTo(node.doors.budget.used());
        return true;
    }

    private <T> T onLoop(Callable<T> task) {
        try {
            return loops.loop().submit(task).sync().getNow();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** One of the two, with a bad way to it. */
    private final class Node implements AutoCloseable {
        private final String name;
        private final Doors doors;
        private final Server server;
        private final BadWay way;
        private final List<Player> players = new ArrayList<>();
        private final Set<LocalAgent> everAttached = new HashSet<>();
        private long mostLinked;
        private long mostHeldForOther;
        private long mostLarge;

        Node(String name) throws IOException {
            this.name = name;
            this.doors = Doors.beside(folder.resolve(name), name, loops);
            this.server = GrpcServers.builder(
                            loops,
                            Endpoint.parse("127.0.0.1:0"),
                            ServerSettings.forPeers(false).withWindow(64 * 1024))
                    .addService(doors.peerDoor)
                    .build()
                    .start();
            this.way = new BadWay(server.getPort());
            NAMES.stream()
                    .filter(agent -> agent.startsWith(name))
                    .forEach(agent -> players.add(new Player(doors, agent, NAMES)));
        }

        boolean meets(Node other) {
            Introductions.introduce(doors.directory, new Peer(other.name, 1, other.way.address()));
            NAMES.stream()
                    .filter(agent -> agent.startsWith(other.name))
                    .forEach(agent -> doors.directory
                            .addresses()
                            .put(new AddressKey(AddressKey.AGENT, agent), List.of(new Member(other.name, 1))));
            return true;
        }

        /** Sends, which makes the link; whether it is up. */
        boolean links(Random random) {
            players.getFirst().send(random);
            return !doors.links.up().isEmpty();
        }

        long held() {
            doors.loop.runReady();
            everAttached.addAll(doors.agents.all());
            long forOther = doors.peerDoor.heldBytes();
            mostHeldForOther = Math.max(mostHeldForOther, forOther);
            mostLinked = Math.max(mostLinked, doors.links.queuedBytes());
            mostLarge = Math.max(mostLarge, doors.blobs.reservedBytes());
            return forOther
                    + doors.blobs.reservedBytes()
                    + everAttached.stream().mapToLong(LocalAgent::heldBytes).sum();
        }

        void removeAway() {
            doors.agents.all().forEach(agent -> doors.agents.removeAway(agent, 0, AWAY));
        }

        boolean rest() {
            way.stall(false);
            players.forEach(Player::leave);
            removeAway();
            doors.loop.advance(LOOK_UPS);
            return true;
        }

        boolean isEmpty() {
            doors.loop.runReady();
            removeAway();
            return held() == 0 && doors.budget.used() == 0 && doors.blobs.size() == 0 && doors.links.queuedBytes() == 0;
        }

        @Override
        public void close() throws IOException {
            way.close();
            onLoop(() -> {
                doors.close();
                return true;
            });
            server.shutdownNow();
        }
    }
}
