package io.dray.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.testing.Await;
import io.dray.core.wire.Addresses;
import io.dray.core.wire.MeshError;
import io.dray.router.v1.AdminServiceGrpc;
import io.dray.router.v1.Agent;
import io.dray.router.v1.AgentEntry;
import io.dray.router.v1.DirectoryServiceGrpc;
import io.dray.router.v1.Interest;
import io.dray.router.v1.JoinRequest;
import io.dray.router.v1.JoinResponse;
import io.dray.router.v1.ListAgentsRequest;
import io.dray.router.v1.ListNodesRequest;
import io.dray.router.v1.Members;
import io.dray.router.v1.NodeAnnouncement;
import io.dray.router.v1.NodeInterest;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryServiceTest {
    private static final String LONG_TOPIC = ("x".repeat(60) + ".").repeat(8);

    @TempDir
    private Path folder = Path.of("");

    private RouterInProcess router;

    @BeforeEach
    void start() throws Exception {
        router = new RouterInProcess(folder.resolve("router.db"), Map.of("pool.directory-grace", "60s"));
    }

    @AfterEach
    void stop() {
        router.close();
    }

    /** A sidecar's directory stream over a real stub. */
    private final class Joined implements StreamObserver<JoinResponse> {
        private final List<JoinResponse> frames = new CopyOnWriteArrayList<>();
        private final StreamObserver<JoinRequest> requests =
                DirectoryServiceGrpc.newStub(router.channel()).join(this);
        private volatile @Nullable Error failure;

        Joined say(JoinRequest.Builder frame) {
            requests.onNext(frame.build());
            return this;
        }

        List<Members> members() {
            return frames.stream()
                    .flatMap(frame -> frame.getMembersList().stream())
                    .toList();
        }

        int interestOf(String node) {
            return frames.stream()
                    .flatMap(frame -> frame.getInterestsList().stream())
                    .filter(interest -> interest.getNode().equals(node))
                    .mapToInt(NodeInterest::getInterestsCount)
                    .sum();
        }

        boolean heardComplete() {
            return frames.stream().anyMatch(JoinResponse::getDirectoryComplete);
        }

        Code code() {
            Await.until("the end of the stream", () -> failure != null);
            Error seen = failure;
            return seen == null ? Code.CODE_UNSPECIFIED : seen.getCode();
        }

        @Override
        public void onNext(JoinResponse frame) {
            frames.add(frame);
        }

        @Override
        public void onError(Throwable thrown) {
            failure = MeshError.from(thrown);
        }

        @Override
        public void onCompleted() {}
    }

    private static NodeAnnouncement.Builder announcement(String node) {
        return NodeAnnouncement.newBuilder()
                .setVersion(PlayedSidecar.VERSION)
                .setNode(node)
                .setIncarnation(1)
                .setRevision(1)
                .setPeerAddress(node + ":7402")
                .addAgents(AgentEntry.newBuilder()
                        .setInstance("digester/1@" + node)
                        .addCapabilities("digest")
                        .setTaskSlots(2))
                .addInterests(Interest.newBuilder().setPattern("news.*"));
    }

    private Joined join(NodeAnnouncement.Builder announcement) {
        return new Joined().say(JoinRequest.newBuilder().setAnnouncement(announcement));
    }

    @Test
    void twoSidecarsFindEachOther() {
        Joined first = join(announcement("a"));
        first.say(JoinRequest.newBuilder().addQueries(Addresses.capability("digest")));
        Await.until("the answer", () -> !first.members().isEmpty());
        assertThat(first.frames.getFirst().getWelcome().getRouter()).isEqualTo("r");

        Joined second = join(announcement("b"));

        Await.until("both members", () -> first.members().getLast().getNodesCount() == 2);
        assertThat(first.members().getLast().getAddress()).isEqualTo(Addresses.capability("digest"));
        Await.until("the interest", () -> second.frames.stream().anyMatch(frame -> frame.getInterestsCount() == 1));
        assertThat(first.frames.stream().flatMap(frame -> frame.getNodesList().stream()))
                .anyMatch(place -> place.getPeerAddress().equals("b:7402"));
        assertThat(AdminServiceGrpc.newBlockingStub(router.channel())
                        .listAgents(ListAgentsRequest.newBuilder().setNode("a").build())
                        .getAgentsList())
                .singleElement()
                .satisfies(agent -> assertThat(agent.getTaskSlots()).isEqualTo(2));
    }

    @Test
    void anAnnouncementInPartsCountsAsAWhole() {
        Joined other = join(announcement("b"));
        Joined node = join(announcement("a").setMore(true));
        for (int i = 0; i < 10; i++) {
            NodeAnnouncement.Builder part = NodeAnnouncement.newBuilder()
                    .setNode("a")
                    .setIncarnation(1)
                    .setRevision(1)
                    .setMore(i < 9)
                    .addAgents(AgentEntry.newBuilder().setInstance("late/" + i + "@a"));
            for (int topic = 0; topic < 1_024; topic++) {
                part.addInterests(Interest.newBuilder().setPattern(LONG_TOPIC + i + "-" + topic));
            }
            node.say(JoinRequest.newBuilder().setAnnouncement(part).addQueries(Addresses.agent("digester")));
        }

        other.say(JoinRequest.newBuilder().addQueries(Addresses.agent("late")));

        Await.until(
                "the members",
                () -> other.members().stream()
                        .anyMatch(members -> members.getNodesList().stream().anyMatch(on -> on.getInstances() == 10)));
        Await.until("all interest", () -> other.interestOf("a") == 1 + 10 * 1_024);
        assertThat(other.frames).allMatch(frame -> frame.getSerializedSize() < 2 * 1024 * 1024);
        assertThat(node.failure).isNull();
    }

    @Test
    void agentsAreListedInPagesThatAClientCanRead() {
        NodeAnnouncement.Builder announcement = announcement("a");
        for (int i = 0; i < 330; i++) {
            AgentEntry.Builder agent = AgentEntry.newBuilder().setInstance("wordy/" + i + "@a");
            for (int label = 0; label < 64; label++) {
                agent.putLabels("label-" + label, "x".repeat(250));
            }
            announcement.addAgents(agent);
        }
        Joined node = join(announcement);
        Await.until("the welcome", () -> !node.frames.isEmpty());
        AdminServiceGrpc.AdminServiceBlockingStub admin = AdminServiceGrpc.newBlockingStub(router.channel());

        List<Agent> agents = new ArrayList<>();
        String token = "";
        do {
            var page = admin.listAgents(
                    ListAgentsRequest.newBuilder().setPageToken(token).build());
            assertThat(page.getSerializedSize()).isLessThan(4 * 1024 * 1024);
            agents.addAll(page.getAgentsList());
            token = page.getNextPageToken();
        } while (!token.isEmpty());

        assertThat(agents)
                .extracting(Agent::getInstance)
                .hasSize(331)
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(admin.listNodes(ListNodesRequest.getDefaultInstance()).getNextPageToken())
                .isEmpty();
        assertThat(admin.listNodes(
                                ListNodesRequest.newBuilder().setPageToken("a").build())
                        .getNodesList())
                .isEmpty();
    }

    @Test
    void anAnnouncementWithoutEndIsRefused() {
        Joined endless = new Joined();
        NodeAnnouncement.Builder part = announcement("a").setMore(true).putLabels("x", "y".repeat(1024 * 1024));
        for (int i = 0; i < 33; i++) {
            endless.say(JoinRequest.newBuilder().setAnnouncement(part));
        }

        assertThat(endless.code()).isEqualTo(Code.CODE_TOO_LARGE);
    }

    @Test
    void aRouterThatStartsAgainWaitsForTheNodesItKnew() throws Exception {
        Joined first = join(announcement("a"));
        Joined second = join(announcement("b"));
        Await.until("all is known", () -> first.heardComplete() && second.heardComplete());
        router.close();
        start();

        Joined back = join(announcement("a"));
        Await.until("the welcome", () -> !back.frames.isEmpty());
        back.say(JoinRequest.newBuilder().addQueries(Addresses.capability("digest")));
        Await.until("the answer", () -> !back.members().isEmpty());
        assertThat(back.heardComplete()).isFalse();
        join(announcement("b"));

        Await.until("all is known again", back::heardComplete);
    }

    @Test
    void whatBreaksTheRulesIsRefused() {
        Joined good = join(announcement("a"));

        assertThat(new Joined().say(JoinRequest.newBuilder()).code()).isEqualTo(Code.CODE_HELLO_EXPECTED);
        assertThat(join(announcement("b").setMesh("other")).code()).isEqualTo(Code.CODE_WRONG_MESH);
        assertThat(join(announcement("b").clearVersion()).code()).isEqualTo(Code.CODE_UNSUPPORTED_VERSION);
        assertThat(join(announcement("b").setNode("B!")).code()).isEqualTo(Code.CODE_BAD_NAME);
        assertThat(join(announcement("b").addAgents(AgentEntry.newBuilder().setInstance("x/1@c")))
                        .code())
                .isEqualTo(Code.CODE_BAD_NAME);
        assertThat(join(announcement("b").addInterests(Interest.newBuilder().setPattern("a..b")))
                        .code())
                .isEqualTo(Code.CODE_BAD_NAME);
        assertThat(join(announcement("b"))
                        .say(JoinRequest.newBuilder().addQueries(Addresses.topic("news.x")))
                        .code())
                .isEqualTo(Code.CODE_INVALID_REQUEST);
        Joined future = join(announcement("b").setIncarnation(Long.MAX_VALUE));
        assertThat(future.code()).isEqualTo(Code.CODE_INVALID_REQUEST);
        assertThat(good.failure).isNull();
        Joined honest = join(announcement("b"));
        Await.until("the welcome of the true node", () -> !honest.frames.isEmpty());
    }
}
