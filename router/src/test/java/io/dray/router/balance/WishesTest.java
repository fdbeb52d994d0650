package io.dray.router.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.router.fleet.Demand;
import io.dray.router.fleet.Filter;
import io.dray.router.fleet.Fleet;
import io.dray.router.fleet.Node;
import io.dray.router.fleet.NodeFigures;
import io.dray.router.fleet.NodeHello;
import io.dray.router.fleet.Wishes;
import io.dray.router.fleet.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WishesTest {
    private static final long GIB = 1L << 30;
    private static final Demand SMALL = new Demand(500, GIB);

    private final Fleet fleet = new Fleet(() -> 1);
    private final Balancer balancer = new Balancer(new SplittableRandom(3));
    private long tasks;

    private Node node(String name, int freeCpuMillis, Map<String, String> labels) {
        Worker worker = new Worker("w/1@" + name, List.of("digest"), 2);
        NodeFigures figures = new NodeFigures(1, freeCpuMillis, 64 * GIB, 16_000, 64 * GIB, 0);
        return fleet.join(new NodeHello(name, 1, List.of(worker), List.of(), labels, figures), new SilentStream());
    }

    private static Ask ask(Wishes wishes) {
        return new Ask("digest", SMALL, wishes, Set.of(), null, 0);
    }

    /** Places as the dispatcher does: what was chosen is held. */
    private @Nullable String place(Wishes wishes) {
        Placement placement = balancer.place(fleet, ask(wishes));
        if (placement == null) {
            return null;
        }
        String name = placement.node().name();
        fleet.hold(name, placement.worker().instance(), ++tasks, SMALL);
        fleet.affinity().hold(wishes, name);
        return name;
    }

    private static Wishes labels(Map<String, String> required, Map<String, String> excluded) {
        return new Wishes(required, excluded, Map.of(), "", "", "");
    }

    @Test
    void requiredLabelsMustAllBeThere() {
        node("a", 4_000, Map.of("zone", "a"));
        node("both", 16_000, Map.of("zone", "a", "disk", "ssd"));

        assertThat(place(labels(Map.of("zone", "a", "disk", "ssd"), Map.of()))).isEqualTo("both");
        assertThat(place(labels(Map.of("zone", "b"), Map.of()))).isNull();
    }

    @Test
    void aNodeWithAnExcludedLabelIsNotTaken() {
        node("spot", 4_000, Map.of("life", "spot"));
        node("plain", 16_000, Map.of());

        assertThat(place(labels(Map.of(), Map.of("life", "spot")))).isEqualTo("plain");
    }

    @Test
    void aRareLabelIsFoundAmongManyNodes() {
        for (int i = 0; i < 500; i++) {
            node("n" + i, 4_000, Map.of());
        }
        node("rare", 4_000, Map.of("gpu", "yes"));

        assertThat(place(labels(Map.of("gpu", "yes"), Map.of()))).isEqualTo("rare");
    }

    @Test
    void moreOfThePreferredLabelsComeBeforeABetterFit() {
        node("tight", 1_000, Map.of());
        node("one", 4_000, Map.of("zone", "a"));
        node("two", 16_000, Map.of("zone", "a", "disk", "ssd"));
        Wishes wishes = new Wishes(Map.of(), Map.of(), Map.of("zone", "a", "disk", "ssd"), "", "", "");

        assertThat(List.of(String.valueOf(place(wishes)), String.valueOf(place(wishes))))
                .containsOnly("two");
        assertThat(place(wishes)).isEqualTo("one");
        assertThat(place(wishes)).isEqualTo("one");
        assertThat(place(wishes)).isEqualTo("tight");
    }

    @Test
    void tasksOfAStickyKeyFollowEachOtherWhileThereIsRoom() {
        node("large", 16_000, Map.of());
        Wishes wishes = new Wishes(Map.of(), Map.of(), Map.of(), "", "", "session-7");
        assertThat(place(wishes)).isEqualTo("large");
        node("tight", 1_000, Map.of());

        assertThat(place(wishes)).isEqualTo("large");
        assertThat(place(wishes)).isEqualTo("tight");
    }

    @Test
    void theNodeNearbyIsTakenIfItHasRoom() {
        node("tight", 1_000, Map.of());
        node("near", 16_000, Map.of());
        Wishes wishes = new Wishes(Map.of(), Map.of(), Map.of(), "", "near", "");

        assertThat(place(wishes)).isEqualTo("near");
        assertThat(place(wishes)).isEqualTo("near");
        assertThat(place(wishes)).isEqualTo("tight");
    }

    @Test
    void tasksOfASpreadKeyGoToAsManyNodesAsPossible() {
        List<String> names = List.of("a", "b", "c");
        names.forEach(name -> node(name, 4_000 + 1_000 * names.indexOf(name), Map.of()));
        Wishes wishes = new Wishes(Map.of(), Map.of(), Map.of(), "replicas", "", "");
        List<@Nullable String> taken = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            taken.add(place(wishes));
        }

        assertThat(taken).containsExactly("a", "b", "c");
        fleet.release("b", 2);
        fleet.affinity().release(wishes, "b");
        assertThat(place(wishes)).isEqualTo("b");
    }

    @Test
    void whatIsExplainedIsWhatIsDone() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 60; i++) {
            Node node = node("n" + i, random.nextInt(16_000), Map.of("zone", "z" + random.nextInt(3)));
            if (random.nextInt(8) == 0) {
                fleet.leave(node);
            }
            if (random.nextInt(8) == 0) {
                var _ = fleet.cordon(node.name(), true);
            }
        }
        for (int round = 0; round < 300; round++) {
            Wishes wishes = random.nextBoolean()
                    ? Wishes.NONE
                    : labels(Map.of("zone", "z" + random.nextInt(4)), Map.of("zone", "z" + random.nextInt(4)));
            Ask ask = new Ask("digest", new Demand(1 + random.nextInt(18_000), GIB), wishes, Set.of(), null, 0);

            List<Verdict> verdicts = balancer.explain(fleet, ask);
            Placement placement = balancer.place(fleet, ask);

            boolean fits = verdicts.stream().anyMatch(verdict -> verdict.filter() == null);
            assertThat(placement != null).as("seed %d round %d", seed, round).isEqualTo(fits);
            assertThat(verdicts.getFirst().chosen()).isEqualTo(fits);
            if (placement != null) {
                String name = placement.node().name();
                assertThat(verdicts).as("seed %d round %d", seed, round).anySatisfy(verdict -> {
                    assertThat(verdict.node()).isEqualTo(name);
                    assertThat(verdict.filter()).isNull();
                });
            }
            if (placement != null && random.nextBoolean()) {
                fleet.hold(placement.node().name(), placement.worker().instance(), ++tasks, ask.demand());
            }
        }
    }

    @Test
    void theNodeThatIsAvoidedIsNotTaken() {
        Node failed = node("failed", 1_000, Map.of());
        node("other", 16_000, Map.of());
        Ask ask = new Ask("digest", SMALL, Wishes.NONE, Set.of(), failed, 0);

        List<Verdict> verdicts = balancer.explain(fleet, ask);

        assertThat(verdicts.getFirst().node()).isEqualTo("other");
        assertThat(verdicts.getLast().filter()).isEqualTo(Filter.AVOIDED);
    }

    @Test
    void aVerdictTellsWhatTheNodeHasAndWhatWasExpected() {
        node("n", 4_000, Map.of("zone", "a"));

        Verdict verdict = balancer.explain(fleet, ask(labels(Map.of("zone", "b"), Map.of())))
                .getFirst();

        assertThat(verdict.filter()).isEqualTo(Filter.LABELS);
        assertThat(verdict.value()).isEqualTo("zone=a");
        assertThat(verdict.expected()).isEqualTo("zone=b");
        assertThat(verdict.impossible()).isTrue();
    }
}
