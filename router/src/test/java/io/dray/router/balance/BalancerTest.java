package io.dray.router.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.router.fleet.Demand;
import io.dray.router.fleet.Fleet;
import io.dray.router.fleet.Node;
import io.dray.router.fleet.NodeFigures;
import io.dray.router.fleet.NodeHello;
import io.dray.router.fleet.Wishes;
import io.dray.router.fleet.Worker;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BalancerTest {
    private static final long GIB = 1L << 30;

    private final Fleet fleet = new Fleet(() -> 1);
    private final Balancer balancer = new Balancer(new SplittableRandom(3));

    private Node node(String name, int freeCpuMillis, long freeMemory) {
        Worker worker = new Worker("w/1@" + name, List.of("digest"), 2);
        NodeFigures figures = new NodeFigures(1, freeCpuMillis, freeMemory, 16_000, 64 * GIB, 0);
        return fleet.join(new NodeHello(name, 1, List.of(worker), List.of(), Map.of(), figures), new SilentStream());
    }

    private static Ask ask(String capability, Demand demand) {
        return new Ask(capability, demand, Wishes.NONE, Set.of(), null, 0);
    }

    private @Nullable String place(int cpuMillis, long memory) {
        return place(ask("digest", new Demand(cpuMillis, memory)));
    }

    private @Nullable String place(Ask ask) {
        Placement placement = balancer.place(fleet, ask);
        return placement == null ? null : placement.node().name();
    }

    @Test
    void takesTheNodeThatLeavesLeastOver() {
        node("large", 16_000, 64 * GIB);
        node("middle", 6_000, 64 * GIB);
        node("small", 4_500, 64 * GIB);

        assertThat(place(500, GIB)).isEqualTo("small");
        assertThat(place(5_000, GIB)).isEqualTo("middle");
        assertThat(place(7_000, GIB)).isEqualTo("large");
        assertThat(place(16_001, GIB)).isNull();
    }

    @Test
    void memoryMustFitToo() {
        node("little-memory", 4_500, GIB);
        node("much-memory", 16_000, 64 * GIB);

        assertThat(place(500, 2 * GIB)).isEqualTo("much-memory");
    }

    @Test
    void manyNodesWithoutRoomDoNotHideTheOneThatHasIt() {
        for (int i = 0; i < 300; i++) {
            node("little-memory-" + i, 4_500, GIB);
        }
        node("much-memory", 4_500, 64 * GIB);

        assertThat(place(500, 2 * GIB)).isEqualTo("much-memory");
        assertThat(place(500, 65 * GIB)).isNull();
        assertThat(place(500, 2 * GIB)).isEqualTo("much-memory");
    }

    @Test
    void theNextBestTakesWhatTheBestMayNotHave() {
        Node best = node("best", 4_000, 64 * GIB);
        node("second", 4_500, 64 * GIB);
        node("third", 5_000, 64 * GIB);

        Ask ask = new Ask("digest", new Demand(500, GIB), Wishes.NONE, Set.of(best), null, 0);

        assertThat(place(ask)).isEqualTo("second");
    }

    @Test
    void aNodeWithoutAFreeSlotOrStreamIsNotTaken() {
        Node full = node("full", 4_500, 64 * GIB);
        fleet.hold("full", "w/1@full", 1, new Demand(1, 1));
        fleet.hold("full", "w/1@full", 2, new Demand(1, 1));
        assertThat(place(500, GIB)).isNull();

        fleet.release("full", 1);
        assertThat(place(500, GIB)).isEqualTo("full");
        fleet.leave(full);

        assertThat(place(500, GIB)).isNull();
    }

    @Test
    void anUnknownCapabilityHasNobody() {
        node("n", 4_500, 64 * GIB);

        assertThat(balancer.place(fleet, ask("other", new Demand(1, 1)))).isNull();
    }

    @Test
    void tiesAreBrokenByTheSeededRandomSource() {
        for (int i = 0; i < 8; i++) {
            node("n" + i, 4_500, 64 * GIB);
        }
        Set<@Nullable String> taken = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            taken.add(place(500, GIB));
        }

        assertThat(taken).hasSize(8).doesNotContainNull();
    }
}
