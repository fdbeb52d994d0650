package io.dray.bench.micro;

import io.dray.router.balance.Ask;
import io.dray.router.balance.Balancer;
import io.dray.router.balance.Placement;
import io.dray.router.fleet.Answer;
import io.dray.router.fleet.Assignment;
import io.dray.router.fleet.Demand;
import io.dray.router.fleet.Fleet;
import io.dray.router.fleet.NodeFigures;
import io.dray.router.fleet.NodeHello;
import io.dray.router.fleet.NodeStream;
import io.dray.router.fleet.Wishes;
import io.dray.router.fleet.Worker;
import io.dray.router.tasks.AttemptKey;
import io.dray.types.v1.Error;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The router's own balancer and fleet: uneven nodes, of which tasks of many sizes hold 85 % of the CPU. A decision alone,
 * and with what follows it: the count of the node and the index of free CPU.
 */
@State(Scope.Thread)
public class PlacementBench {
    private static final String CAPABILITY = "bench";
    private static final long GIB = 1L << 30;
    private static final int CORE = 1_000;
    private static final int[] CORES = {2, 4, 8, 16};
    private static final int SLOTS = 1_024;
    private static final int ASKS = 1_024;
    private static final double LOAD = 0.85;
    private static final int SEED = 5;
    /** Later than any node's youth, in which it gets less. */
    private static final long NOW_NANOS = 3_600_000_000_000L;

    /** How many nodes there are. */
    @Param({"100", "10000"})
    public int nodes;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Fleet fleet = new Fleet(() -> NOW_NANOS);
    private final Balancer balancer = new Balancer(random);
    private final Ask[] asks = new Ask[ASKS];
    private final Deque<Held> held = new ArrayDeque<>();
    private long tasks;
    private int next;

    private record Held(String node, long task) {}

    /** Makes the nodes and places tasks until they are as full as they are to stay. */
    @Setup
    public void fill() {
        fleet.tick(NOW_NANOS, NOW_NANOS);
        long millis = 0;
        for (int i = 0; i < nodes; i++) {
            int cores = CORES[random.nextInt(CORES.length)];
            millis += (long) cores * CORE;
            join("node-" + i, cores * CORE, cores * (2L << random.nextInt(3)) * GIB);
        }
        for (int i = 0; i < ASKS; i++) {
            asks[i] = new Ask(CAPABILITY, demand(), Wishes.NONE, Set.of(), null, NOW_NANOS);
        }
        long used = 0;
        for (Ask ask = ask(); used < millis * LOAD; ask = ask()) {
            Placement placement = balancer.place(fleet, ask);
            if (placement == null) {
                break;
            }
            hold(placement, ask);
            used += ask.demand().cpuMillis();
        }
    }

    /**
     * Decides where a task goes.
     *
     * @return the worker
     */
    @Benchmark
    public @Nullable Placement decide() {
        return balancer.place(fleet, ask());
    }

    /**
     * Decides, notes that the worker has the task, and that the oldest task has ended.
     *
     * @return the worker
     */
    @Benchmark
    public @Nullable Placement place() {
        Ask ask = ask();
        Placement placement = balancer.place(fleet, ask);
        if (placement != null) {
            hold(placement, ask);
            Held oldest = held.remove();
            fleet.release(oldest.node(), oldest.task());
        }
        return placement;
    }

    /** Half a core to four, with a gigabyte or so for each; one in five needs four times that. */
    private Demand demand() {
        int cpuMillis = CORE / 2 + random.nextInt(7 * CORE / 2);
        long perCore = random.nextInt(5) == 0 ? 4 * GIB : GIB / 2 + random.nextLong(GIB);
        return new Demand(cpuMillis, cpuMillis * perCore / CORE);
    }

    private Ask ask() {
        next = next + 1 == ASKS ? 0 : next + 1;
        return asks[next];
    }

    private void hold(Placement placement, Ask ask) {
        String node = placement.node().name();
        var _ = fleet.hold(node, placement.worker().instance(), ++tasks, ask.demand());
        held.add(new Held(node, tasks));
    }

    private void join(String name, int cpuMillis, long memoryBytes) {
        Worker worker = new Worker("worker/1@" + name, List.of(CAPABILITY), SLOTS);
        NodeFigures figures = new NodeFigures(1, cpuMillis, memoryBytes, cpuMillis, memoryBytes, 0);
        var _ = fleet.join(new NodeHello(name, 1, List.of(worker), List.of(), Map.of(), figures), new Deaf());
    }

    /** A stream with room that nobody listens to. */
    private static final class Deaf implements NodeStream {
        @Override
        public boolean hasRoom() {
            return true;
        }

        @Override
        public void welcome(long epoch) {
            // Nobody listens.
        }

        @Override
        public void assign(Assignment assignment) {
            // Nobody listens.
        }

        @Override
        public void answer(Answer answer) {
            // Nobody listens.
        }

        @Override
        public void cancel(List<AttemptKey> attempts) {
            // Nobody listens.
        }

        @Override
        public void receipt(long eventNumber, @Nullable Error refusal) {
            // Nobody listens.
        }

        @Override
        public void cordoned(boolean cordoned) {
            // Nobody listens.
        }

        @Override
        public void reportTaken(long number) {
            // Nobody listens.
        }

        @Override
        public void end(Error reason) {
            // Nobody listens.
        }
    }
}
