package io.dray.sidecar.peers;

import static io.dray.sidecar.peers.DirectoryFixture.DIGEST;
import static io.dray.sidecar.peers.DirectoryFixture.frame;
import static io.dray.sidecar.peers.DirectoryFixture.interest;
import static io.dray.sidecar.peers.DirectoryFixture.location;
import static io.dray.sidecar.peers.DirectoryFixture.members;
import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.telemetry.BuildInfo;
import io.dray.router.v1.AgentEntry;
import io.dray.router.v1.Interest;
import io.dray.router.v1.JoinRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a sidecar tells routers of itself, and in how many parts. */
class AnnouncingTest {
    private static final Duration RECONNECT = Duration.ofSeconds(1);

    @Test
    void announcesItselfInTheFirstFrame() {
        try (var directory = new DirectoryFixture(1)) {
            directory.agents.add(
                    AgentEntry.newBuilder().setInstance("digester/1@here").build());

            directory.start();

            JoinRequest hello = directory.router().join().heard().getFirst();
            assertThat(hello.getAnnouncement().getNode()).isEqualTo("here");
            assertThat(hello.getAnnouncement().getIncarnation()).isEqualTo(1_000);
            assertThat(hello.getAnnouncement().getRevision()).isEqualTo(1);
            assertThat(hello.getAnnouncement().getPeerAddress()).isEqualTo("127.0.0.1:7402");
            assertThat(hello.getAnnouncement().getVersion().getMajor()).isEqualTo(1);
            assertThat(hello.getAnnouncement().getAgentsList())
                    .extracting(AgentEntry::getInstance)
                    .containsExactly("digester/1@here");
            assertThat(directory.client.isJoined()).isFalse();
        }
    }

    @Test
    void sendsEverythingAgainOnEachNewStream() {
        try (var directory = new DirectoryFixture(1)) {
            directory.startJoined();
            assertThat(directory.client.isJoined()).isTrue();
            directory.resolve(DIGEST);
            directory.say(0, members(DIGEST, 1, "other"));
            directory.router().stop();
            directory.loop.runReady();
            assertThat(directory.client.isJoined()).isFalse();
            directory.agents.add(
                    AgentEntry.newBuilder().setInstance("late/1@here").build());
            directory.client.changed();
            directory.advance(RECONNECT);

            directory.router().start();
            directory.advance(Duration.ofSeconds(3));

            JoinRequest hello = directory.router().join().heard().getFirst();
            assertThat(directory.router().joins()).hasSize(2);
            assertThat(hello.getAnnouncement().getRevision()).isEqualTo(2);
            assertThat(hello.getAnnouncement().getAgentsList())
                    .extracting(AgentEntry::getInstance)
                    .containsExactly("late/1@here");
            assertThat(hello.getQueriesList()).containsExactly(DIGEST.address());
        }
    }

    @Test
    void anAnnouncementSaysWhichSoftwareTheNodeRuns() {
        try (var directory = new DirectoryFixture(1)) {
            directory.startJoined();

            JoinRequest hello = directory.router().join().heard().getFirst();

            assertThat(hello.getAnnouncement().getVersion().getSoftware())
                    .isNotEmpty()
                    .isEqualTo(BuildInfo.software("sidecar"));
        }
    }

    @Test
    void manyChangesBecomeOneAnnouncement() {
        try (var directory = new DirectoryFixture(1)) {
            directory.startJoined();

            for (int i = 0; i < 100; i++) {
                directory.agents.add(
                        AgentEntry.newBuilder().setInstance("a/" + i + "@here").build());
                directory.client.changed();
            }
            directory.advance(Duration.ofMillis(20));

            assertThat(directory.router().join().heard()).hasSize(2);
            assertThat(directory.router().join().last().getAnnouncement().getRevision())
                    .isEqualTo(2);
            assertThat(directory.router().join().last().getAnnouncement().getAgentsCount())
                    .isEqualTo(100);
        }
    }

    private static AgentEntry labelled(int number, int labels) {
        AgentEntry.Builder agent = AgentEntry.newBuilder().setInstance("a/" + number + "@here");
        for (int label = 0; label < labels; label++) {
            agent.putLabels("label-" + label, "x".repeat(250));
        }
        return agent.build();
    }

    @Test
    void anAnnouncementThatOneMessageDoesNotHoldComesInParts() {
        try (var directory = new DirectoryFixture(1)) {
            directory.startJoined();
            for (int i = 0; i < 330; i++) {
                directory.agents.add(labelled(i, 64));
            }
            directory.client.changed();
            directory.advance(Duration.ofMillis(20));

            directory.router().stop();
            directory.advance(RECONNECT);
            directory.router().start();
            directory.advance(Duration.ofSeconds(3));

            List<JoinRequest> changed = directory.router().joins().getFirst().heard();
            assertParts(changed.subList(1, changed.size()));
            assertParts(directory.router().join().heard());
        }
    }

    private static void assertParts(List<JoinRequest> frames) {
        assertThat(frames).hasSizeGreaterThan(1).allMatch(frame -> frame.getSerializedSize() < 2 * 1024 * 1024);
        assertThat(frames)
                .extracting(frame -> frame.getAnnouncement().getRevision())
                .containsOnly(2L);
        assertThat(frames.subList(0, frames.size() - 1))
                .allMatch(frame -> frame.getAnnouncement().getMore());
        assertThat(frames.getLast().getAnnouncement().getMore()).isFalse();
        assertThat(frames.stream().flatMap(frame -> frame.getAnnouncement().getAgentsList().stream()))
                .hasSize(330)
                .allMatch(agent -> agent.getLabelsCount() == 64);
    }

    @Test
    void whatRoutersWouldNotTakeIsLeftOutButNoInstance() {
        try (var directory = new DirectoryFixture(1)) {
            for (int i = 0; i < 600; i++) {
                directory.agents.add(labelled(i, 64));
            }
            for (int i = 0; i < 20_000; i++) {
                directory.interests.add(Interest.newBuilder()
                        .setPattern("x".repeat(60) + "." + "y".repeat(400) + "." + i)
                        .build());
            }

            directory.start();

            List<JoinRequest> hello = directory.router().join().heard();
            assertThat(hello.stream().mapToLong(JoinRequest::getSerializedSize).sum())
                    .isLessThan(17 * 1024 * 1024);
            assertThat(hello.stream()
                            .mapToInt(frame -> frame.getAnnouncement().getAgentsCount())
                            .sum())
                    .isEqualTo(600);
            assertThat(directory.leftOut("labels")).isBetween(50.0, 150.0);
            assertThat(directory.leftOut("interests")).isBetween(1_000.0, 5_000.0);
        }
    }

    @Test
    void interestInPartsCountsWhenTheLastOneHasCome() {
        try (var directory = new DirectoryFixture(1)) {
            directory.startJoined();
            directory.say(0, frame().addNodes(location("b", 5)).addInterests(interest("b", 1, "old")));

            directory.say(
                    0,
                    frame().addInterests(
                                    interest("b", 2, "one", "two").toBuilder().setMore(true)));
            assertThat(directory.client.interest().snapshot().interests())
                    .extracting(RemoteInterest::pattern)
                    .containsExactly("old");
            directory.say(0, frame().addInterests(interest("b", 2, "three")));

            assertThat(directory.client.interest().snapshot().interests())
                    .extracting(RemoteInterest::pattern)
                    .containsExactly("one", "three", "two");
        }
    }

    @Test
    void aNodeThatLeavesAnnouncesNobody() {
        try (var directory = new DirectoryFixture(1)) {
            directory.agents.add(
                    AgentEntry.newBuilder().setInstance("digester/1@here").build());
            directory.startJoined();

            directory.client.leave();
            directory.client.changed();
            directory.advance(Duration.ofMillis(20));

            JoinRequest last = directory.router().join().last();
            assertThat(last.getAnnouncement().getRevision()).isGreaterThan(1);
            assertThat(last.getAnnouncement().getAgentsList()).isEmpty();
            assertThat(directory.router().join().isEnded()).isFalse();
        }
    }
}
