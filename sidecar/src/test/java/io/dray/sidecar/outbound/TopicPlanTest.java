package io.dray.sidecar.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.agent.v1.Subscription;
import io.dray.core.net.MemoryBudget;
import io.dray.core.wire.InstanceName;
import io.dray.sidecar.frame.FramePool;
import io.dray.sidecar.inbound.SeenWindows;
import io.dray.sidecar.local.Identity;
import io.dray.sidecar.local.LocalAgent;
import io.dray.sidecar.local.LocalAgents;
import io.dray.sidecar.peers.RemoteInterest;
import io.dray.sidecar.peers.TopicInterest.Snapshot;
import io.dray.sidecar.queue.LaneQueue;
import io.dray.sidecar.queue.RefusalCounts;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TopicPlanTest {
    private final MemoryBudget budget = new MemoryBudget(1_000_000);
    private final LocalAgents agents = new LocalAgents(
            () -> new LaneQueue(1_000, budget, new FramePool()), new SeenWindows(), new RefusalCounts(), () -> {});
    private final LocalAgent agent = Objects.requireNonNull(agents.add(
            new Identity(new InstanceName("a", "1", "here"), 1, "", List.of(), Map.of(), 0, Set.of(), true, true),
            List.of()));
    private final Snapshot elsewhere = new Snapshot(
            1,
            List.of(
                    new RemoteInterest("n1", "t.*", ""),
                    new RemoteInterest("n2", "t.a", "g"),
                    new RemoteInterest("n2", "t.a", "h"),
                    new RemoteInterest("n3", "other", "")));

    @Test
    void aChangeHereKeepsTheRemoteHalfAndAChangeThereDoesNot() {
        TopicPlan first = TopicPlan.of("t.a", agents.subscriptions(), elsewhere, null);
        subscribe("t.a", "");

        assertThat(first.isCurrent(agents.subscriptions(), elsewhere)).isFalse();
        TopicPlan second = TopicPlan.of("t.a", agents.subscriptions(), elsewhere, first);
        assertThat(second.isCurrent(agents.subscriptions(), elsewhere)).isTrue();
        assertThat(second.localPlain()).isTrue();
        assertThat(second.plainNodes()).isSameAs(first.plainNodes()).containsExactly("n1");

        var nobody = new Snapshot(2, List.of());
        assertThat(second.isCurrent(agents.subscriptions(), nobody)).isFalse();
        assertThat(TopicPlan.of("t.a", agents.subscriptions(), nobody, second).plainNodes())
                .isEmpty();
    }

    @Test
    void groupsWithAMemberHereAreNotServedElsewhereUntilItLeaves() {
        subscribe("t.>", "g");
        TopicPlan served = TopicPlan.of("t.a", agents.subscriptions(), elsewhere, null);

        assertThat(served.localGroups()).containsExactly("g");
        assertThat(served.nodes(List::getFirst)).isEqualTo(Map.of("n1", List.of(), "n2", List.of("h")));

        agents.leave(agent);
        TopicPlan left = TopicPlan.of("t.a", agents.subscriptions(), elsewhere, served);
        assertThat(left.localGroups()).isEmpty();
        assertThat(left.nodes(List::getFirst).get("n2")).containsExactlyInAnyOrder("g", "h");
    }

    private void subscribe(String pattern, String group) {
        agents.subscribe(
                agent,
                List.of(Subscription.newBuilder()
                        .setPattern(pattern)
                        .setQueueGroup(group)
                        .build()));
    }
}
