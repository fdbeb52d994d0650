package io.dray.sidecar.peers;

import static io.dray.sidecar.peers.DirectoryFixture.DIGEST;
import static io.dray.sidecar.peers.DirectoryFixture.frame;
import static io.dray.sidecar.peers.DirectoryFixture.gone;
import static io.dray.sidecar.peers.DirectoryFixture.interest;
import static io.dray.sidecar.peers.DirectoryFixture.location;
import static io.dray.sidecar.peers.DirectoryFixture.members;
import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.wire.MeshError;
import io.dray.router.v1.PoolOwner;
import io.dray.sidecar.routers.Leader;
import io.dray.types.v1.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class DirectoryClientTest {
    @Test
    void twoAskersShareOneQuery() {
        try (var directory = new DirectoryFixture(1)) {
            directory.startJoined();

            List<Members> first = directory.resolve(DIGEST);
            List<Members> second = directory.resolve(DIGEST);
            directory.say(0, members(DIGEST, 1, "here", "b", "a"));

            assertThat(directory.router().join().heard()).hasSize(2);
            assertThat(directory.router().join().last().getQueriesList()).containsExactly(DIGEST.address());
            assertThat(first).hasSize(1).isEqualTo(second);
            assertThat(first.getFirst().nodes()).containsExactly(new Member("a", 1), new Member("b", 1));
            assertThat(directory.client.addresses().get(DIGEST)).isEqualTo(first.getFirst());
        }
    }

    @Test
    void passesOnWhichRouterOwnsThePoolAndFromWhereItWasSaid() {
        try (var directory = new DirectoryFixture(2)) {
            List<Leader> leaders = new ArrayList<>();
            directory.routers.follow(leaders::add);
            directory.start();

            directory.say(
                    1, frame().setOwner(PoolOwner.newBuilder().setRouter("b").setEpoch(4)));
            directory.say(
                    0,
                    frame().setOwner(PoolOwner.newBuilder()
                            .setRouter("c")
                            .setAddress("c:7400")
                            .setEpoch(5)));

            assertThat(leaders)
                    .containsExactly(new Leader(directory.routers.endpoints().getLast(), 4), new Leader("c:7400", 5));
        }
    }

    @Test
    void keepsANegativeAnswerForASecond() {
        try (var directory = new DirectoryFixture(1)) {
            directory.startJoined();
            directory.say(0, frame().setDirectoryComplete(true));

            List<Members> answers = directory.resolve(DIGEST);
            directory.say(0, members(DIGEST, 1));

            assertThat(answers).singleElement().matches(Members::isEmpty);
            assertThat(directory.resolve(DIGEST)).hasSize(1);
            directory.advance(Duration.ofMillis(900));
            assertThat(directory.client.addresses().get(DIGEST)).isNotNull();
            directory.advance(Duration.ofMillis(1_200));
            assertThat(directory.client.addresses().get(DIGEST)).isNull();
            assertThat(directory.router().join().last().getForgetList()).containsExactly(DIGEST.address());
        }
    }

    @Test
    void answersNobodyWhenNoRouterAnswersInThreeSeconds() {
        try (var directory = new DirectoryFixture(1)) {
            directory.router().stop();
            directory.start();

            List<Members> answers = directory.resolve(DIGEST);
            directory.advance(Duration.ofMillis(2_900));
            assertThat(answers).isEmpty();
            directory.advance(Duration.ofMillis(200));

            assertThat(answers).singleElement().matches(Members::isEmpty);
        }
    }

    @Test
    void answersNobodyAtOnceWhenNoRouterIsConfigured() {
        try (var directory = new DirectoryFixture(0)) {
            directory.start();

            assertThat(directory.resolve(DIGEST)).singleElement().matches(Members::isEmpty);
        }
    }

    @Test
    void answersWhoWaitsWhenItCloses() {
        var directory = new DirectoryFixture(1);
        directory.startJoined();
        List<Members> answers = directory.resolve(DIGEST);

        directory.close();

        assertThat(answers).singleElement().matches(Members::isEmpty);
        assertThat(directory.router().join().isEnded()).isTrue();
    }

    @Test
    void waitsForARouterThatHasJustStarted() {
        try (var directory = new DirectoryFixture(1)) {
            directory.startJoined();

            List<Members> answers = directory.resolve(DIGEST);
            directory.say(0, members(DIGEST, 1));
            assertThat(answers).isEmpty();
            directory.say(0, members(DIGEST, 2, "a"));

            assertThat(answers)
                    .singleElement()
                    .matches(members -> members.nodes().size() == 1);
        }
    }

    @Test
    void saysNobodyOnceTheRouterIsComplete() {
        try (var directory = new DirectoryFixture(1)) {
            directory.startJoined();
            List<Members> answers = directory.resolve(DIGEST);
            directory.say(0, members(DIGEST, 1));

            directory.say(0, frame().setDirectoryComplete(true));

            assertThat(answers).singleElement().matches(Members::isEmpty);
        }
    }

    @Test
    void takesPushesInTheOrderOfGenerations() {
        try (var directory = new DirectoryFixture(1)) {
            directory.startJoined();
            directory.resolve(DIGEST);
            directory.say(0, members(DIGEST, 5, "a"));
            long version = directory.client.addresses().version();

            directory.say(0, members(DIGEST, 4, "old"));
            assertThat(nodes(directory)).containsExactly("a");
            assertThat(directory.client.addresses().version()).isEqualTo(version);
            directory.say(0, members(DIGEST, 6, "a", "b"));

            assertThat(nodes(directory)).containsExactly("a", "b");
            assertThat(directory.client.addresses().version()).isGreaterThan(version);
        }
    }

    @Test
    void goesOnWithWhatItKnowsWhileTheRouterIsAway() {
        try (var directory = new DirectoryFixture(1)) {
            joinWithPeer(directory);

            directory.router().stop();
            directory.advance(Duration.ofMinutes(9));

            assertThat(nodes(directory)).containsExactly("a");
            assertThat(directory.client.peers().get("a")).isNotNull();
            assertThat(directory.client.interest().snapshot().interests()).hasSize(1);
            assertThat(directory.peerEvents).containsExactly("changed a 1");
        }
    }

    @Test
    void addsAndNeverRemovesUntilTheDirectoryIsComplete() {
        try (var directory = new DirectoryFixture(1)) {
            joinWithPeer(directory);
            restart(directory);

            directory.say(
                    0, members(DIGEST, 1, "b").addNodes(location("b", 1)).addInterests(interest("b", 1, "news.>")));

            assertThat(nodes(directory)).containsExactly("a", "b");
            assertThat(directory.client.peers().get("a")).isNotNull();
            assertThat(directory.client.interest().snapshot().interests())
                    .containsExactly(new RemoteInterest("a", "news.*", ""), new RemoteInterest("b", "news.>", ""));

            directory.say(0, frame().setDirectoryComplete(true));

            assertThat(nodes(directory)).containsExactly("b");
            assertThat(directory.client.peers().get("a")).isNull();
            assertThat(directory.client.interest().snapshot().interests())
                    .containsExactly(new RemoteInterest("b", "news.>", ""));
            assertThat(directory.peerEvents).containsExactly("changed a 1", "changed b 1", "gone a 1");
        }
    }

    @Test
    void keepsAnOldAnswerUntilTheCompleteRouterHasAnsweredThatAddress() {
        try (var directory = new DirectoryFixture(1)) {
            joinWithPeer(directory);
            restart(directory);

            directory.say(0, frame().addNodes(location("a", 1)).setDirectoryComplete(true));
            assertThat(nodes(directory)).containsExactly("a");
            directory.say(0, members(DIGEST, 1));

            assertThat(nodes(directory)).isEmpty();
        }
    }

    @Test
    void dropsANodeThatIsGone() {
        try (var directory = new DirectoryFixture(1)) {
            joinWithPeer(directory);

            directory.say(0, frame().addGone(gone("a", 1)));

            assertThat(nodes(directory)).isEmpty();
            assertThat(directory.client.interest().snapshot().interests()).isEmpty();
            assertThat(directory.peerEvents).containsExactly("changed a 1", "gone a 1");
        }
    }

    @Test
    void tellsTheEndOfTheOldIncarnationWhenANodeComesBack() {
        try (var directory = new DirectoryFixture(1)) {
            joinWithPeer(directory);

            directory.say(
                    0, frame().addNodes(location("a", 2)).addGone(gone("a", 1)).addInterests(interest("a", 1)));

            assertThat(directory.peerEvents).containsExactly("changed a 1", "gone a 1", "changed a 2");
            assertThat(Objects.requireNonNull(directory.client.peers().get("a")).incarnation())
                    .isEqualTo(2);
            assertThat(directory.client.interest().snapshot().interests()).isEmpty();
        }
    }

    @Test
    void keepsWhatOneOfTwoRoutersStillSays() {
        try (var directory = new DirectoryFixture(2)) {
            directory.start();
            directory.resolve(DIGEST);
            directory.say(0, members(DIGEST, 9, "a").setDirectoryComplete(true));
            directory.say(1, members(DIGEST, 3, "a", "b").setDirectoryComplete(true));
            assertThat(nodes(directory)).containsExactly("a", "b");

            directory.say(0, members(DIGEST, 10));

            assertThat(nodes(directory)).containsExactly("a", "b");
            assertThat(directory.router().join().heard().getFirst().getAnnouncement())
                    .isEqualTo(directory.fakes.get(1).join().heard().getFirst().getAnnouncement());
        }
    }

    @Test
    void aCompleteRouterOutweighsWhatALostOneSaid() {
        try (var directory = new DirectoryFixture(2)) {
            directory.start();
            directory.resolve(DIGEST);
            directory.say(0, members(DIGEST, 1, "a").addNodes(location("a", 1)));
            directory.router().stop();
            directory.loop.runReady();
            assertThat(nodes(directory)).containsExactly("a");

            directory.say(1, members(DIGEST, 1, "b").addNodes(location("b", 1)).setDirectoryComplete(true));

            assertThat(nodes(directory)).containsExactly("b");
            assertThat(directory.peerEvents).containsExactly("changed a 1", "gone a 1", "changed b 1");
        }
    }

    @Test
    void asksAgainAfterAMinuteOfUseAndForgetsAfterTenWithout() {
        try (var directory = new DirectoryFixture(1)) {
            joinWithPeer(directory);
            int heard = directory.router().join().heard().size();

            directory.advance(Duration.ofSeconds(61));
            assertThat(nodes(directory)).containsExactly("a");
            directory.loop.runReady();
            assertThat(directory.router().join().heard()).hasSize(heard + 1);
            assertThat(directory.router().join().last().getQueriesList()).containsExactly(DIGEST.address());
            directory.advance(Duration.ofMinutes(11));

            assertThat(directory.client.addresses().get(DIGEST)).isNull();
            assertThat(directory.router().join().last().getForgetList()).containsExactly(DIGEST.address());
        }
    }

    @Test
    void countsHitsAndMisses() {
        try (var directory = new DirectoryFixture(1)) {
            joinWithPeer(directory);

            directory.client.addresses().get(DIGEST);
            directory.client.addresses().countHit();
            directory.client.addresses().get(new AddressKey(AddressKey.AGENT, "nobody"));

            assertThat(directory.meters.values())
                    .containsEntry("dray_address_cache_hits_total", 2.0)
                    .containsEntry("dray_address_cache_misses_total", 1.0);
        }
    }

    @Test
    void doesNotHurryBackToARouterThatKnowsANewerIncarnation() {
        try (var directory = new DirectoryFixture(1)) {
            directory.start();

            directory.router().join().refuse(MeshError.of(Code.CODE_STALE_INCARNATION, "Stale.", "1000", "> 2000"));
            directory.advance(Duration.ofSeconds(29));
            assertThat(directory.router().joins()).hasSize(1);
            directory.advance(Duration.ofSeconds(2));

            assertThat(directory.router().joins()).hasSize(2);
        }
    }

    @Test
    void givesUpARouterThatTakesTheStreamAndSaysNothing() {
        try (var directory = new DirectoryFixture(1)) {
            directory.start();

            directory.advance(Duration.ofSeconds(20));

            assertThat(directory.router().joins().size()).isBetween(2, 3);
            assertThat(directory.router().joins().getFirst().isEnded()).isTrue();
        }
    }

    private static void joinWithPeer(DirectoryFixture directory) {
        directory.startJoined();
        directory.resolve(DIGEST);
        directory.say(
                0,
                members(DIGEST, 7, "a")
                        .addNodes(location("a", 1))
                        .addInterests(interest("a", 4, "news.*"))
                        .setDirectoryComplete(true));
    }

    private static void restart(DirectoryFixture directory) {
        directory.router().stop();
        directory.loop.runReady();
        directory.router().start();
        directory.advance(Duration.ofSeconds(3));
        assertThat(directory.router().joins()).hasSize(2);
    }

    private static List<String> nodes(DirectoryFixture directory) {
        Members members = directory.client.addresses().get(DIGEST);
        return Objects.requireNonNull(members).nodes().stream()
                .map(Member::node)
                .toList();
    }
}
