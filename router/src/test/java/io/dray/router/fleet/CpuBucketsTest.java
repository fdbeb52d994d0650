package io.dray.router.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CpuBucketsTest {
    private static final int STEPS = 20_000;
    private static final int NODES = 200;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final CpuBuckets buckets = new CpuBuckets();
    private final Set<Node> in = new LinkedHashSet<>();

    @Test
    void findsWhatAWalkOverAllNodesFinds() {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            nodes.add(new Node("n" + i));
        }
        for (int step = 0; step < STEPS; step++) {
            Node node = nodes.get(random.nextInt(NODES));
            if (random.nextInt(4) == 0) {
                buckets.remove(node);
                in.remove(node);
            } else {
                node.free().correct(figures(), 0, step);
                buckets.put(node);
                in.add(node);
            }
            Demand demand = new Demand(random.nextInt(5_000), random.nextInt(5_000));
            assertThat(found(demand)).as("seed %d, step %d", seed, step).isEqualTo(walked(demand));
        }
    }

    private NodeFigures figures() {
        int freeCpu = random.nextInt(4) == 0 ? 1_000 : random.nextInt(4_096);
        return new NodeFigures(1, freeCpu, 1 + random.nextInt(4_096), 4_096, 4_096, 0);
    }

    /** What the best fit of the lowest bucket that has one leaves free. */
    private List<Long> found(Demand demand) {
        for (int i = CpuBuckets.of(demand.cpuMillis()); i < CpuBuckets.count(); i++) {
            Bucket bucket = buckets.bucket(i);
            int start = bucket.size() == 0 ? 0 : random.nextInt(bucket.size());
            int at = bucket.bestFit(demand, start, NODES);
            if (at != Bucket.NONE) {
                return free(bucket.node(at));
            }
        }
        return List.of();
    }

    private List<Long> walked(Demand demand) {
        return in.stream()
                .filter(node -> node.free().fits(demand))
                .min(Comparator.comparingInt((Node node) -> node.free().freeCpuMillis())
                        .thenComparingLong(node -> node.free().freeMemoryBytes()))
                .map(CpuBucketsTest::free)
                .orElse(List.of());
    }

    private static List<Long> free(Node node) {
        return List.of((long) node.free().freeCpuMillis(), node.free().freeMemoryBytes());
    }
}
