package io.dray.sidecar.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.agent.v1.Answer;
import io.dray.agent.v1.Assignment;
import io.dray.agent.v1.Attempt;
import io.dray.core.net.MemoryBudget;
import io.dray.core.wire.InstanceName;
import io.dray.sidecar.frame.FramePool;
import io.dray.sidecar.local.Attachment;
import io.dray.sidecar.local.Identity;
import io.dray.sidecar.local.LocalAgent;
import io.dray.sidecar.local.LocalAgents;
import io.dray.sidecar.queue.LaneQueue;
import io.dray.sidecar.queue.Parcel;
import io.dray.sidecar.queue.Parcels;
import io.dray.sidecar.queue.RecordingOrigin;
import io.dray.sidecar.queue.RefusalCounts;
import io.dray.types.v1.BlobWindow;
import io.dray.types.v1.Error;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeliveryTest {
    private static final Attachment STREAM = new Attachment() {
        @Override
        public void wake() {}

        @Override
        public void assign(Assignment assignment) {}

        @Override
        public void cancel(Attempt attempt) {}

        @Override
        public void answer(Answer answer) {}

        @Override
        public void finished(Attempt attempt) {}

        @Override
        public void allow(BlobWindow window) {}

        @Override
        public void end(Error error) {}

        @Override
        public long nanosSinceHeard() {
            return 0;
        }
    };

    private static final int MESSAGES = 300;

    private final MemoryBudget budget = new MemoryBudget(10_000_000);
    private final SeenWindows seen = new SeenWindows();
    private final LocalAgents agents = new LocalAgents(
            () -> new LaneQueue(1_000_000, budget, new FramePool()), seen, new RefusalCounts(), () -> {});
    private final Delivery delivery = new Delivery(agents, seen, new Random(7));
    private final RecordingOrigin sender = new RecordingOrigin();
    private final List<LocalAgent> instances =
            IntStream.rangeClosed(1, 5).mapToObj(this::instance).toList();

    @Test
    void instancesThatAreAwayGetNothingWhileAnotherIsAttached() {
        instances.get(3).bind(STREAM, null);

        deliver(0);

        assertThat(waiting()).containsExactly(0, 0, 0, MESSAGES, 0);
    }

    @Test
    void messagesWaitForInstancesOfWhichAllAreAway() {
        deliver(0);

        assertThat(waiting().stream().mapToInt(Integer::intValue).sum()).isEqualTo(MESSAGES);
        assertThat(sender.told()).isEmpty();
    }

    @Test
    void instancesThatHaveLittleRoomGetNothingWhileAnotherHas() {
        instances.forEach(instance -> instance.bind(STREAM, null));
        for (LocalAgent stopped : instances.subList(0, 4)) {
            stopped.mailbox().offer(Parcels.of(sender, 1, 600_000));
        }

        deliver(0);

        assertThat(waiting()).containsExactly(1, 1, 1, 1, MESSAGES);
    }

    @Test
    void anOrderingKeyStaysWithItsInstanceWhenThatIsAway() {
        instances.forEach(instance -> instance.bind(STREAM, null));
        deliver(7);
        int chosen = waiting().indexOf(MESSAGES);

        instances.get(chosen).unbind(STREAM);
        deliver(7);

        assertThat(waiting().get(chosen)).isEqualTo(2 * MESSAGES);
    }

    private void deliver(int orderingHash) {
        for (int sequence = 1; sequence <= MESSAGES; sequence++) {
            Parcel parcel = Parcels.of(sender, sequence, 10);
            parcel.orderingHash = orderingHash;
            delivery.deliver(parcel);
        }
    }

    private List<Integer> waiting() {
        return instances.stream()
                .map(instance -> instance.mailbox().queuedEnvelopes())
                .toList();
    }

    private LocalAgent instance(int number) {
        var name = new InstanceName("b", "s" + number, "here");
        var identity = new Identity(name, number, "", List.of(), Map.of(), 0, Set.of(), true, false);
        return Objects.requireNonNull(agents.add(identity, List.of()));
    }
}
