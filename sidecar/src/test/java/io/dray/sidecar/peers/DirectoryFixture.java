package io.dray.sidecar.peers;

import io.dray.core.telemetry.Meters;
import io.dray.core.testing.ManualLoop;
import io.dray.router.v1.AgentEntry;
import io.dray.router.v1.DirectoryWelcome;
import io.dray.router.v1.Interest;
import io.dray.router.v1.JoinResponse;
import io.dray.router.v1.NodeGone;
import io.dray.router.v1.NodeInterest;
import io.dray.router.v1.NodeLocation;
import io.dray.router.v1.NodeMembers;
import io.dray.sidecar.routers.ControlLoop;
import io.dray.sidecar.routers.FakeRouter;
import io.dray.sidecar.routers.NodeIdentity;
import io.dray.sidecar.routers.Routers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** A directory client on a manual loop, with the routers that a test plays. */
final class DirectoryFixture implements AutoCloseable {
    static final AddressKey DIGEST = new AddressKey(AddressKey.CAPABILITY, "digest");

    final ManualLoop loop = new ManualLoop();
    final List<FakeRouter> fakes = new ArrayList<>();
    final List<AgentEntry> agents = new ArrayList<>();
    final List<Interest> interests = new ArrayList<>();
    final Meters meters = new Meters();
    final List<String> peerEvents = new ArrayList<>();
    final Routers routers;
    final DirectoryClient client;

    DirectoryFixture(int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add("router-" + UUID.randomUUID());
            fakes.add(new FakeRouter(names.getLast()));
        }
        routers = new Routers(names, FakeRouter::open);
        ControlLoop control = new ControlLoop(loop, loop.clock()::nanoTime, loop.clock(), new Random(7));
        client = new DirectoryClient(routers, () -> new Announcement(agents, interests), control, meters);
        client.peers().listen(new Recorder());
    }

    void start() {
        client.start(new NodeIdentity("here", 1_000, "127.0.0.1:7402", "", "", Map.of()));
        loop.runReady();
    }

    FakeRouter router() {
        return fakes.getFirst();
    }

    /** Starts, and the only router welcomes. */
    void startJoined() {
        start();
        say(0, frame().setWelcome(DirectoryWelcome.newBuilder().setRouter("r").setIncarnation(1)));
    }

    void say(int router, JoinResponse.Builder frame) {
        fakes.get(router).join().say(frame.build());
        loop.runReady();
    }

    double leftOut(String what) {
        return meters.values().getOrDefault("dray_directory_left_out{what=\"" + what + "\"}", Double.NaN);
    }

    void advance(Duration by) {
        loop.advance(by);
    }

    List<Members> resolve(AddressKey key) {
        List<Members> answers = new ArrayList<>();
        client.addresses().resolve(key, answers::add);
        loop.runReady();
        return answers;
    }

    static JoinResponse.Builder frame() {
        return JoinResponse.newBuilder();
    }

    static JoinResponse.Builder members(AddressKey key, long generation, String... nodes) {
        var members =
                io.dray.router.v1.Members.newBuilder().setAddress(key.address()).setGeneration(generation);
        for (String node : nodes) {
            members.addNodes(NodeMembers.newBuilder().setNode(node).setInstances(1));
        }
        return frame().addMembers(members);
    }

    static NodeLocation location(String node, long incarnation) {
        return NodeLocation.newBuilder()
                .setNode(node)
                .setIncarnation(incarnation)
                .setPeerAddress(node + ":7402")
                .build();
    }

    static NodeGone gone(String node, long incarnation) {
        return NodeGone.newBuilder().setNode(node).setIncarnation(incarnation).build();
    }

    static NodeInterest interest(String node, long generation, String... patterns) {
        NodeInterest.Builder interest = NodeInterest.newBuilder().setNode(node).setGeneration(generation);
        for (String pattern : patterns) {
            interest.addInterests(Interest.newBuilder().setPattern(pattern));
        }
        return interest.build();
    }

    @Override
    public void close() {
        client.close();
        loop.runReady();
        routers.close();
        fakes.forEach(FakeRouter::close);
    }

    private final class Recorder implements PeersListener {
        @Override
        public void onPeerChanged(Peer peer) {
            peerEvents.add("changed " + peer.node() + " " + peer.incarnation());
        }

        @Override
        public void onPeerGone(String node, long incarnation) {
            peerEvents.add("gone " + node + " " + incarnation);
        }
    }
}
