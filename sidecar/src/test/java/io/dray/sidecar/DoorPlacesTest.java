package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.dray.core.net.MemoryBudget;
import io.dray.core.wire.MeshError;
import io.dray.core.wire.WireLimits;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DoorPlacesTest {
    private static final int MIB = 1024 * 1024;

    private final MemoryBudget budget = new MemoryBudget(64 * MIB);
    private final DoorPlaces places = new DoorPlaces(budget, 16 * MIB, 2 * MIB);
    private final List<DoorPlaces.Place> open = new ArrayList<>();
    private final List<Reading> clients = new ArrayList<>();
    private long sweptSeconds;

    @Test
    void aConnectionHasAsManyAsItsStreams() {
        for (int call = 0; call < DoorPlaces.MAX_OF_CONNECTION; call++) {
            taken("a");
        }

        assertThat(refusal("a").getCode()).isEqualTo(Code.CODE_TOO_MANY);
        assertThat(refusal("a").getExpected()).isEqualTo("at most 1024 at a time");
        assertThatAllIsGivenBack();
    }

    @Test
    void manyGreedyConnectionsLeaveOthersAPlace() {
        for (int connection = 0; connection < 32; connection++) {
            while (places.calls() < DoorPlaces.MAX_OF_NODE && takes(connection)) {
                assertThat(places.calls()).isPositive();
            }
        }

        assertThat(places.calls()).isLessThan(DoorPlaces.MAX_OF_NODE);
        assertThat(refusal(31).getCode()).isEqualTo(Code.CODE_TOO_MANY);
        for (int connection = 32; places.calls() < DoorPlaces.MAX_OF_NODE; connection++) {
            taken(connection);
        }
        assertThat(open.size()).isEqualTo(DoorPlaces.MAX_OF_NODE);
        assertThat(refusal("another").getExpected()).isEqualTo("at most 4096 at a time");
        open.getFirst().close();
        open.getFirst().close();
        taken("another");
        assertThat(refusal("another").getExpected()).isEqualTo("at most 4096 at a time");
        assertThatAllIsGivenBack();
    }

    @Test
    void oneConnectionLeavesMemoryToOthers() {
        DoorPlaces.Place greedy = places.take("a");
        open.add(greedy);
        int held = 0;
        while (greedy.tryHold(MIB)) {
            held++;
        }

        DoorPlaces.Place other = places.take("b");
        open.add(other);

        assertThat(held).isEqualTo(4);
        assertThat(other.tryHold(2 * MIB)).isTrue();
        greedy.letGo();
        assertThat(greedy.tryHold(MIB)).isTrue();
        assertThatAllIsGivenBack();
    }

    @Test
    void thoseWhoWaitAreServedInOrderAndConnectionsTakeTurns() {
        List<String> woken = new ArrayList<>();
        DoorPlaces.Place holder = taken("holder");
        DoorPlaces.Place rest = taken("rest");
        List<DoorPlaces.Place> others = List.of(taken("x"), taken("y"));
        assertThat(holder.tryHold(4 * MIB)).isTrue();
        assertThat(rest.tryHold(4 * MIB)).isTrue();
        others.forEach(other -> assertThat(other.tryHold(4 * MIB)).isTrue());
        DoorPlaces.Place first = taken("a");
        DoorPlaces.Place second = taken("a");
        DoorPlaces.Place third = taken("b");
        DoorPlaces.Place gone = taken("a");

        assertThat(first.hold(MIB, 2 * MIB, () -> woken.add("a1"))).isZero();
        assertThat(gone.hold(MIB, MIB, () -> woken.add("gone"))).isZero();
        assertThat(second.hold(MIB, MIB, () -> woken.add("a2"))).isZero();
        assertThat(third.hold(MIB, MIB, () -> woken.add("b1"))).isZero();
        gone.close();
        holder.giveBack(MIB);
        holder.giveBack(MIB);
        assertThat(woken).containsExactly("a1", "b1");
        assertThat(first.hold(MIB, 2 * MIB, () -> {})).isEqualTo(MIB);
        rest.letGo();

        assertThat(woken).containsExactly("a1", "b1", "a2");
        assertThat(second.hold(MIB, 2 * MIB, () -> {})).isEqualTo(2 * MIB);
        third.stopWaiting();
        assertThatAllIsGivenBack();
    }

    @Test
    void clientsThatReadTooSlowlyAreCutOffOnceOthersWaitForTheirRoom() {
        Reading mute = answered("mute", 4);
        Reading slow = answered("slow", 4);
        Reading dripping = answered("dripping", 4);
        Reading late = answered("late", 4);
        sweepUntil(40, () -> {
            slow.takenBytes += WireLimits.LEAST_BYTES_PER_SECOND;
            dripping.takenBytes++;
        });
        late.takenBytes += UnreadAnswer.LEAST_BYTES;
        sweepUntil(60, () -> slow.takenBytes += WireLimits.LEAST_BYTES_PER_SECOND);
        assertThat(cutOff()).as("nobody waits").isEmpty();

        assertThat(taken("other").hold(MIB, MIB, () -> {})).isZero();
        sweepUntil(61, () -> {});

        assertThat(cutOff()).containsExactlyInAnyOrder(mute, dripping);
        assertThatAllIsGivenBack();
    }

    @Test
    void aConnectionThatHasItsPartIsCutOffItself() {
        Reading other = answered("other", 4);
        Reading mute = answered("mute", 2);
        Reading own = answered("mute", 2);
        assertThat(taken("mute").hold(MIB, MIB, () -> {})).isZero();

        sweepUntil(31, () -> {});

        assertThat(cutOff()).containsExactlyInAnyOrder(mute, own).doesNotContain(other);
        assertThatAllIsGivenBack();
    }

    @Test
    void whoIsRefusedCountsAsWaiting() {
        Reading mute = answered("mute", 4);
        for (int connection = 0; connection < 3; connection++) {
            assertThat(taken(connection).tryHold(4 * MIB)).isTrue();
        }
        sweepUntil(31, () -> {});
        assertThat(cutOff()).isEmpty();

        assertThat(taken("other").tryHold(MIB)).isFalse();
        sweepUntil(32, () -> {});

        assertThat(cutOff()).containsExactly(mute);
        assertThatAllIsGivenBack();
    }

    @Test
    void emptyAnswersThatTakeAllPlacesAreCutOffToo() {
        Reading mute = answered("mute", 0);
        for (int call = 1; call < DoorPlaces.MAX_OF_NODE; call++) {
            taken(call);
        }
        sweepUntil(31, () -> {});
        assertThat(cutOff()).isEmpty();

        assertThat(refusal("another").getCode()).isEqualTo(Code.CODE_TOO_MANY);
        sweepUntil(32, () -> {});

        assertThat(cutOff()).containsExactly(mute);
        assertThatAllIsGivenBack();
    }

    @Test
    void anAnswerThatWasReadIsForgotten() {
        Reading closed = answered("a", 4);
        open.getLast().close();
        Reading read = answered("b", 4);
        open.getLast().letGo();
        for (int connection = 0; connection < 4; connection++) {
            assertThat(taken(connection).tryHold(4 * MIB)).isTrue();
        }

        sweepUntil(31, () -> assertThat(taken("other").tryHold(1)).isFalse());

        assertThat(cutOff()).doesNotContain(closed, read).isEmpty();
        assertThatAllIsGivenBack();
    }

    /** A client that the test reads for. */
    private static final class Reading implements UnreadAnswer.Client {
        private long takenBytes;
        private boolean isCutOff;

        @Override
        public long takenBytes() {
            return takenBytes;
        }

        @Override
        public void cutOff() {
            isCutOff = true;
        }
    }

    private Reading answered(Object connection, int mib) {
        DoorPlaces.Place place = taken(connection);
        assertThat(place.tryHold((long) mib * MIB)).isTrue();
        var client = new Reading();
        clients.add(client);
        place.answered(client);
        return client;
    }

    private List<Reading> cutOff() {
        return clients.stream().filter(client -> client.isCutOff).toList();
    }

    private void sweepUntil(long second, Runnable eachSecond) {
        for (; sweptSeconds <= second; sweptSeconds++) {
            eachSecond.run();
            places.sweep(TimeUnit.SECONDS.toNanos(sweptSeconds));
        }
    }

    @Test
    void manyCallsLeaveRoomForTheirAnswers() {
        for (int call = 0; call < DoorPlaces.MAX_OF_NODE; call++) {
            open.add(places.take(call));
        }

        assertThat(open.getFirst().hold(2 * MIB, 2 * MIB, () -> {})).isEqualTo(2 * MIB);
        assertThatAllIsGivenBack();
    }

    @Test
    void withoutMemoryThereIsNoPlace() {
        assertThat(budget.tryReserve(budget.limit())).isTrue();

        assertThat(refusal("a").getCode()).isEqualTo(Code.CODE_MEMORY_FULL);

        assertThat(places.calls()).isZero();
        budget.release(budget.limit());
        assertThatAllIsGivenBack();
    }

    @Test
    void theLastOfTheBudgetIsLeftToQueues() {
        DoorPlaces.Place place = taken("a");
        assertThat(budget.tryReserve(48 * MIB - budget.used())).isTrue();

        assertThat(refusal("b").getCode()).isEqualTo(Code.CODE_MEMORY_FULL);
        assertThat(place.tryHold(1)).isFalse();
        assertThat(place.hold(MIB, MIB, () -> {})).as("what a queue hands over").isEqualTo(MIB);

        place.letGo();
        budget.release(budget.used() - 4 * 1024);
        assertThatAllIsGivenBack();
    }

    private boolean takes(Object connection) {
        try {
            taken(connection);
            return true;
        } catch (StatusRuntimeException _) {
            return false;
        }
    }

    private DoorPlaces.Place taken(Object connection) {
        DoorPlaces.Place place = places.take(connection);
        open.add(place);
        return place;
    }

    private Error refusal(Object connection) {
        return MeshError.from(catchThrowable(() -> places.take(connection)));
    }

    private void assertThatAllIsGivenBack() {
        open.forEach(DoorPlaces.Place::close);
        assertThat(budget.used()).isZero();
        assertThat(places.calls()).isZero();
    }
}
