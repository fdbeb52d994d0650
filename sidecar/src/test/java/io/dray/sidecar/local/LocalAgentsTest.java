package io.dray.sidecar.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.dray.agent.v1.Subscription;
import io.dray.core.net.MemoryBudget;
import io.dray.core.wire.InstanceName;
import io.dray.core.wire.MeshError;
import io.dray.sidecar.frame.FramePool;
import io.dray.sidecar.queue.Destination;
import io.dray.sidecar.queue.LaneQueue;
import io.dray.sidecar.queue.RefusalCounts;
import io.dray.sidecar.queue.Refusals;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LocalAgentsTest {
    private static final DoneListener NOBODY = new DoneListener() {
        @Override
        public void onDone(long session, Destination destination, long ordinal, int count) {
            // Nothing is delivered here.
        }

        @Override
        public void onUndone(long session, Destination destination, long ordinal, int count) {
            // As above.
        }
    };

    private final MemoryBudget budget = new MemoryBudget(1_000_000);
    private final LocalAgents agents =
            new LocalAgents(() -> new LaneQueue(1_000, budget, new FramePool()), NOBODY, new RefusalCounts(), () -> {});
    private long lastSession;

    @Test
    void aNodeHasRoomForSoManyInstancesAndForCallsBeside() {
        for (int i = 0; i < LocalAgents.MAX_INSTANCES; i++) {
            add(i, true);
        }

        Error error = MeshError.from(catchThrowable(() -> add(LocalAgents.MAX_INSTANCES, true)));

        assertThat(error.getCode()).isEqualTo(Code.CODE_TOO_MANY);
        assertThat(error.getExpected()).isEqualTo("at most 4096");
        LocalAgent call = add(-1, false);
        agents.remove(call, Refusals.nodeLost("test"));
        agents.remove(Objects.requireNonNull(agents.table().byInstance().get("a/s7@here")), Refusals.nodeLost("test"));
        add(LocalAgents.MAX_INSTANCES, true);
    }

    @Test
    void manyInstancesThatComeAtOnceMakeOneTable() {
        long version = agents.table().version();
        for (int i = 0; i < 1_000; i++) {
            add(i, true);
        }

        assertThat(agents.rebuilds()).isZero();
        assertThat(agents.table().byInstance()).hasSize(1_000);
        assertThat(agents.table().byAgent().get("a")).hasSize(1_000);
        assertThat(agents.table().version()).isGreaterThan(version);
        assertThat(agents.rebuilds()).isOne();
    }

    @Test
    void whoSubscribesToEverythingLeavesAFewToOthers() {
        int greedy = LocalAgents.MAX_NODE_SUBSCRIPTIONS / LocalAgents.MAX_SUBSCRIPTIONS;
        for (int i = 0; i < greedy; i++) {
            agents.subscribe(add(i, true), topics(0, LocalAgents.MAX_SUBSCRIPTIONS));
        }
        LocalAgent other = add(greedy, true);

        agents.subscribe(other, topics(0, LocalAgents.MIN_SUBSCRIPTIONS));

        assertThat(refusal(other, LocalAgents.MIN_SUBSCRIPTIONS, 1).getCode()).isEqualTo(Code.CODE_TOO_MANY);
        assertThat(agents.table().subscribers())
                .hasSize(LocalAgents.MAX_NODE_SUBSCRIPTIONS + LocalAgents.MIN_SUBSCRIPTIONS);
        agents.remove(Objects.requireNonNull(agents.table().byInstance().get("a/s1@here")), Refusals.nodeLost("test"));
        agents.subscribe(other, topics(LocalAgents.MIN_SUBSCRIPTIONS, 100));
    }

    private Error refusal(LocalAgent agent, int first, int count) {
        return MeshError.from(catchThrowable(() -> agents.subscribe(agent, topics(first, count))));
    }

    private LocalAgent add(int number, boolean announced) {
        var name = new InstanceName("a", "s" + (number + 1), "here");
        var identity = new Identity(name, ++lastSession, "", List.of(), Map.of(), 0, Set.of(), announced, true);
        return Objects.requireNonNull(agents.add(identity, List.of()));
    }

    private static List<Subscription> topics(int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(i -> Subscription.newBuilder().setPattern("t" + i).build())
                .toList();
    }
}
