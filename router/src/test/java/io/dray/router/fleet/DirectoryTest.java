package io.dray.router.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.testing.ManualLoop;
import io.dray.router.fleet.AddressName.Kind;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DirectoryTest {
    private static final AddressName DIGEST = new AddressName(Kind.CAPABILITY, "digest");

    private final ManualLoop loop = new ManualLoop();
    private final List<String> nodesSeen = new ArrayList<>();
    private Directory directory = open(Set.of());

    private Directory open(Set<String> expected) {
        return new Directory(loop, Duration.ofSeconds(5), Duration.ofSeconds(10), expected, nodesSeen::add);
    }

    /** A sidecar's directory stream as the test plays it. */
    private final class Played implements DirectoryStream {
        private final String node;
        private final long incarnation;
        private final List<DirectoryNews> news = new ArrayList<>();
        private boolean welcomed;
        private long revision;
        private @Nullable Error ended;

        Played(String node, long incarnation) {
            this.node = node;
            this.incarnation = incarnation;
        }

        Played announce(AgentPlace... agents) {
            return announce(List.of(), agents);
        }

        Played announce(List<Interest> interests, AgentPlace... agents) {
            return announce(++revision, interests, agents);
        }

        Played announce(long number, List<Interest> interests, AgentPlace... agents) {
            NodePlace place = new NodePlace(node, incarnation, node + ":7402", "");
            directory.onAnnouncement(
                    this, new NodeAnnouncement(place, number, List.of(agents), interests, "dray-sidecar/1"));
            loop.runReady();
            return this;
        }

        void query(AddressName address) {
            directory.onQueries(this, List.of(address));
            loop.runReady();
        }

        Members lastMembers() {
            return news.stream()
                    .flatMap(frame -> frame.members().stream())
                    .reduce((_, last) -> last)
                    .orElseThrow();
        }

        List<String> nodesTold() {
            return news.stream()
                    .flatMap(frame -> frame.nodes().stream())
                    .map(NodePlace::node)
                    .toList();
        }

        List<PoolPlace> owners() {
            return news.stream()
                    .map(DirectoryNews::owner)
                    .filter(Objects::nonNull)
                    .toList();
        }

        boolean heardComplete() {
            return news.stream().anyMatch(DirectoryNews::isComplete);
        }

        @Override
        public void welcome() {
            welcomed = true;
        }

        @Override
        public void send(DirectoryNews frame) {
            news.add(frame);
        }

        @Override
        public void end(Error reason) {
            ended = reason;
        }
    }

    private static AgentPlace agent(String name, String node) {
        return new AgentPlace(name + "/1@" + node, name, List.of("digest"), Map.of(), 1);
    }

    @Test
    void aQueryIsAnsweredAtOnceAndAgainWithEachChange() {
        Played asking = new Played("a", 1).announce();
        asking.query(DIGEST);
        assertThat(asking.welcomed).isTrue();
        Members nobody = asking.lastMembers();
        assertThat(nobody.instancesByNode()).isEmpty();

        Played other = new Played("b", 1).announce(agent("d", "b"), agent("e", "b"));
        Members two = asking.lastMembers();
        assertThat(two.instancesByNode()).isEqualTo(Map.of("b", 2));
        assertThat(two.generation()).isGreaterThan(nobody.generation());

        other.announce(agent("d", "b"));
        Members one = asking.lastMembers();
        assertThat(one.instancesByNode()).isEqualTo(Map.of("b", 1));
        assertThat(one.generation()).isGreaterThan(two.generation());
    }

    @Test
    void theOwnerOfThePoolIsToldToAllAndToWhoComesLater() {
        Played early = new Played("a", 1).announce();
        PoolPlace place = new PoolPlace("r", "10.0.0.1:7400", 7);

        directory.onOwner(place);
        loop.runReady();
        Played late = new Played("b", 1).announce();
        late.announce(agent("d", "b"));

        assertThat(early.owners()).containsExactly(place);
        assertThat(late.owners()).containsExactly(place);
    }

    @Test
    void membersAreFoundByAgentInstanceAndCapability() {
        new Played("b", 1).announce(agent("d", "b"));
        Played asking = new Played("a", 1).announce();

        for (AddressName address :
                List.of(DIGEST, new AddressName(Kind.AGENT, "d"), new AddressName(Kind.INSTANCE, "d/1@b"))) {
            asking.query(address);
            assertThat(asking.lastMembers())
                    .returns(address, Members::address)
                    .returns(Map.of("b", 1), Members::instancesByNode);
        }
    }

    @Test
    void whatWasNotAskedIsNotPushed() {
        Played asking = new Played("a", 1).announce();
        asking.query(DIGEST);
        directory.onForget(asking, List.of(DIGEST));
        loop.runReady();
        asking.news.clear();

        new Played("b", 1).announce(agent("d", "b"));

        assertThat(asking.news).allMatch(frame -> frame.members().isEmpty());
    }

    @Test
    void placesAndInterestGoToEverybody() {
        Played first = new Played("a", 1).announce(List.of(new Interest("news.*", "")));
        Played second = new Played("b", 1).announce(List.of(new Interest("news.>", "group")));

        assertThat(first.nodesTold()).contains("b");
        assertThat(second.nodesTold()).contains("a", "b");
        assertThat(second.news.getFirst().interests())
                .extracting(announcement -> announcement.place().node())
                .containsExactly("a");
        assertThat(first.news.getLast().interests().getFirst().interests())
                .containsExactly(new Interest("news.>", "group"));
    }

    @Test
    void anOlderRevisionOnTheSameStreamIsIgnored() {
        Played asking = new Played("a", 1).announce();
        asking.query(DIGEST);
        Played other = new Played("b", 1).announce(7, List.of(), agent("d", "b"));

        other.announce(6, List.of());

        assertThat(asking.lastMembers().instancesByNode()).isEqualTo(Map.of("b", 1));
    }

    @Test
    void aStaleIncarnationIsRefusedAndChangesNothing() {
        Played asking = new Played("a", 1).announce();
        asking.query(DIGEST);
        new Played("b", 5).announce(agent("d", "b"));

        Played stale = new Played("b", 4).announce();

        assertThat(stale.ended).extracting(Error::getCode).isEqualTo(Code.CODE_STALE_INCARNATION);
        assertThat(stale.welcomed).isFalse();
        assertThat(asking.lastMembers().instancesByNode()).isEqualTo(Map.of("b", 1));
    }

    @Test
    void aNodeIsGoneALeaseAfterItsStreamEnded() {
        Played asking = new Played("a", 1).announce();
        asking.query(DIGEST);
        Played other = new Played("b", 1).announce(agent("d", "b"));

        directory.onStreamEnd(other);
        loop.advance(Duration.ofMillis(4_900));
        assertThat(asking.lastMembers().instancesByNode()).isEqualTo(Map.of("b", 1));
        loop.advance(Duration.ofMillis(200));

        assertThat(asking.lastMembers().instancesByNode()).isEmpty();
        assertThat(asking.news.getLast().gone()).extracting(NodePlace::node).containsExactly("b");
    }

    @Test
    void aNodeThatComesBackWithinTheLeaseIsNeverGone() {
        Played asking = new Played("a", 1).announce();
        asking.query(DIGEST);
        Played other = new Played("b", 1).announce(agent("d", "b"));
        directory.onStreamEnd(other);
        loop.advance(Duration.ofSeconds(3));

        new Played("b", 1).announce(agent("d", "b"));
        loop.advance(Duration.ofSeconds(30));

        assertThat(asking.lastMembers().instancesByNode()).isEqualTo(Map.of("b", 1));
        assertThat(asking.news).allMatch(frame -> frame.gone().isEmpty());
    }

    @Test
    void aSecondStreamOfANodeReplacesTheFirst() {
        Played first = new Played("a", 1).announce(agent("d", "a"));

        Played second = new Played("a", 1).announce(agent("d", "a"));
        directory.onStreamEnd(first);
        loop.advance(Duration.ofSeconds(10));
        second.query(DIGEST);

        assertThat(first.ended).isNotNull();
        assertThat(second.lastMembers().instancesByNode()).isEqualTo(Map.of("a", 1));
    }

    @Test
    void itIsCompleteWhenAllNodesOfTheStoreAreBack() {
        directory = open(Set.of("a", "b"));
        Played first = new Played("a", 1).announce();
        assertThat(first.heardComplete()).isFalse();
        assertThat(directory.isComplete()).isFalse();

        new Played("b", 1).announce();

        assertThat(first.heardComplete()).isTrue();
        assertThat(nodesSeen).containsExactly("a", "b");
    }

    @Test
    void itIsCompleteAfterTheGraceEvenIfANodeStaysAway() {
        directory = open(Set.of("a", "lost"));
        Played first = new Played("a", 1).announce();

        loop.advance(Duration.ofSeconds(10));

        assertThat(first.heardComplete()).isTrue();
    }

    @Test
    void aFreshDirectoryIsCompleteAndSaysSoToEachStream() {
        assertThat(new Played("a", 1).announce().heardComplete()).isTrue();
    }
}
