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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

    private int changes;
    private final MemoryBudget budget = new MemoryBudget(1_000_000);
    private final LocalAgents agents = new LocalAgents(
            () -> new LaneQueue(1_000, budget, new FramePool()), NOBODY, new RefusalCounts(), () -> changes++);
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
        agents.remove(Objects.requireNonNull(agents.table().announced("a/s7@here")), Refusals.nodeLost("test"));
        add(LocalAgents.MAX_INSTANCES, true);
    }

    @Test
    void aChangeLeavesTheListsOfOtherNamesAsTheyAre() {
        for (int i = 0; i < 100; i++) {
            agents.subscribe(add(i, true), topics(10 * i, 10));
        }
        List<List<?>> before = listsOfOthers();
        var name = new InstanceName("b", "s1", "here");
        var identity = new Identity(name, ++lastSession, "", List.of("c"), Map.of(), 0, Set.of(), true, true);

        LocalAgent other = Objects.requireNonNull(agents.add(identity, List.of()));
        agents.subscribe(other, topics(0, 500));
        assertThat(agents.subscriptions().matching("t1")).hasSize(2);
        agents.resubscribe(other, topics(0, 400));
        assertThat(agents.subscriptions().matching("t499")).hasSize(1);
        agents.leave(other);
        agents.remove(other, Refusals.nodeLost("test"));

        List<List<?>> after = listsOfOthers();
        for (int i = 0; i < before.size(); i++) {
            assertThat(after.get(i)).isSameAs(before.get(i));
        }
        assertThat(agents.subscriptions().all()).hasSize(1_000);
    }

    /** The very lists that are found under the name, and under topics from the 500th on. */
    private List<List<?>> listsOfOthers() {
        List<List<?>> lists = new ArrayList<>();
        lists.add(agents.find(new Destination(Destination.AGENT, "a")));
        for (int i = 500; i < 1_000; i++) {
            lists.add(agents.subscriptions().matching("t" + i));
        }
        return lists;
    }

    @Test
    void patternsAndTopicsAreFoundTogether() {
        LocalAgent agent = add(1, true);
        agents.subscribe(
                agent,
                Stream.of("a.b", "a.*", ">", "b", "a.b.>")
                        .map(LocalAgentsTest::topic)
                        .toList());

        assertThat(patternsOf("a.b")).containsExactlyInAnyOrder("a.b", "a.*", ">");
        assertThat(patternsOf("b")).containsExactlyInAnyOrder("b", ">");
        agents.leave(agent);
        assertThat(patternsOf("a.b")).isEmpty();
        assertThat(agents.table().open()).isEmpty();
        agents.resubscribe(agent, List.of(topic("b")));
        assertThat(patternsOf("b")).containsExactly("b");
        assertThat(agents.table().open()).containsExactly(agent);
    }

    @Test
    void whoComesBackWithTooManySubscriptionsHasNoneAndOthersHearOfIt() {
        LocalAgent agent = add(1, true);
        agents.subscribe(agent, topics(0, 5));
        agents.leave(agent);
        agents.resubscribe(agent, topics(0, 5));
        int told = changes;

        Error error = MeshError.from(catchThrowable(
                () -> agents.resubscribe(agent, topics(0, Subscriptions.MAX_OF_INSTANCE + 1))));

        assertThat(error.getCode()).isEqualTo(Code.CODE_TOO_MANY);
        assertThat(agents.subscriptions().matching("t1")).isEmpty();
        assertThat(agents.subscriptions().all()).isEmpty();
        assertThat(changes).isEqualTo(told + 1);
    }

    @Test
    void whatChangesNothingIsNotTold() {
        LocalAgent agent = add(1, true);
        agents.subscribe(agent, topics(0, 5));
        long version = agents.subscriptions().version();
        int told = changes;

        agents.subscribe(agent, topics(0, 5));
        agents.resubscribe(agent, topics(0, 5));

        assertThat(agents.subscriptions().version()).isEqualTo(version);
        assertThat(changes).isEqualTo(told);
    }

    @Test
    void whoSubscribesToEverythingLeavesAFewToOthers() {
        int greedy = Subscriptions.MAX_OF_NODE / Subscriptions.MAX_OF_INSTANCE;
        for (int i = 0; i < greedy; i++) {
            agents.subscribe(add(i, true), topics(0, Subscriptions.MAX_OF_INSTANCE));
        }
        LocalAgent other = add(greedy, true);

        agents.subscribe(other, topics(0, Subscriptions.LEAST_OF_INSTANCE));

        assertThat(refusal(other, Subscriptions.LEAST_OF_INSTANCE, 1).getCode()).isEqualTo(Code.CODE_TOO_MANY);
        assertThat(agents.subscriptions().all()).hasSize(Subscriptions.MAX_OF_NODE + Subscriptions.LEAST_OF_INSTANCE);
        agents.remove(Objects.requireNonNull(agents.table().announced("a/s1@here")), Refusals.nodeLost("test"));
        agents.subscribe(other, topics(Subscriptions.LEAST_OF_INSTANCE, 100));
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
                .mapToObj(i -> topic("t" + i))
                .toList();
    }

    private List<String> patternsOf(String topic) {
        return agents.subscriptions().matching(topic).stream()
                .map(Subscriber::pattern)
                .toList();
    }

    private static Subscription topic(String pattern) {
        return Subscription.newBuilder().setPattern(pattern).build();
    }
}
