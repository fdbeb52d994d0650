package io.dray.sidecar.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.dray.core.net.MemoryBudget;
import io.dray.sidecar.frame.FramePool;
import io.dray.sidecar.queue.LaneQueue.Offer;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaneQueueTest {
    private final MemoryBudget budget = new MemoryBudget(1_000_000);
    private final LaneQueue queue = new LaneQueue(1_000, budget, new FramePool());
    private final RecordingOrigin origin = new RecordingOrigin();
    private final Parcel taken = new Parcel();

    @Test
    void keepsTheOrderWithinALane() {
        for (int sequence = 1; sequence <= 40; sequence++) {
            queue.offer(Parcels.of(origin, sequence, 10));
        }

        List<Long> sequences = drained();

        assertThat(sequences).hasSize(40).isSorted();
    }

    @Test
    void letsCriticalOvertakeWhatWaits() {
        queue.offer(Parcels.of(origin, 1, 10));
        Parcel critical = Parcels.of(origin, 2, 10);
        critical.lane = 0;
        queue.offer(critical);

        assertThat(drained()).containsExactly(2L, 1L);
    }

    @Test
    void refusesWhenFullAndTakesOneEnvelopeBeyondTheLimit() {
        assertThat(queue.offer(Parcels.of(origin, 1, 999))).isEqualTo(Offer.QUEUED_PAUSE);
        assertThat(queue.offer(Parcels.of(origin, 2, 5_000))).isEqualTo(Offer.QUEUED_PAUSE);
        assertThat(queue.offer(Parcels.of(origin, 3, 1))).isEqualTo(Offer.FULL);
    }

    @Test
    void whatIsStuckIsNotHeldAgainstItsSenderUntilSomethingIsTaken() {
        queue.offer(Parcels.of(origin, 1, 100));
        assertThat(queue.look()).isTrue();
        assertThat(queue.look()).isTrue();
        assertThat(origin.heldBytes()).isEqualTo(100 + LaneQueue.OVERHEAD_BYTES);

        assertThat(queue.look()).isTrue();
        assertThat(origin.heldBytes()).isZero();
        queue.offer(Parcels.of(origin, 2, 200));
        queue.look();
        assertThat(origin.heldBytes()).isZero();
        assertThat(budget.used()).isEqualTo(300 + 2 * LaneQueue.OVERHEAD_BYTES);

        assertThat(queue.poll(new Parcel(), Long.MAX_VALUE, 1)).isTrue();
        assertThat(origin.heldBytes()).isEqualTo(200 + LaneQueue.OVERHEAD_BYTES);
        queue.look();
        queue.look();
        assertThat(origin.heldBytes()).isEqualTo(200 + LaneQueue.OVERHEAD_BYTES);
        assertThat(drained()).containsExactly(2L);
        assertThat(origin.heldBytes()).isZero();
        assertThat(queue.look()).isFalse();
    }

    @Test
    void aFullLaneTakesNoRoomFromTheOthers() {
        Parcel low = Parcels.of(origin, 1, 1_000);
        low.lane = 3;
        queue.offer(low);

        assertThat(queue.offer(low)).isEqualTo(Offer.FULL);
        assertThat(queue.offer(Parcels.of(origin, 2, 100))).isEqualTo(Offer.QUEUED);
        assertThat(queue.relaxed(3)).isFalse();
        assertThat(queue.relaxed(2)).isTrue();
    }

    @Test
    void refusesWhenTheBudgetIsUsedUp() {
        assertThat(budget.tryReserve(999_990)).isTrue();

        assertThat(queue.offer(Parcels.of(origin, 1, 100))).isEqualTo(Offer.NO_MEMORY);

        assertThat(queue.queuedBytes()).isZero();
    }

    @Test
    void toldBytesAreThoseOfAllLanesAndCostNothing() {
        Parcel low = Parcels.of(origin, 1, 300);
        low.lane = 3;
        queue.offer(low);
        queue.offer(Parcels.of(origin, 2, 100));
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        long told = 0;

        for (int i = 0; i < 1_000; i++) {
            told += queue.queuedBytes();
        }

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
        assertThat(told).isEqualTo(400_000);
    }

    @Test
    void manyFullLanesLeaveRoomForOneThatIsEmpty() {
        for (int hog = 0; hog < 100; hog++) {
            var full = new LaneQueue(100_000, budget, new FramePool());
            Offer answer = Offer.QUEUED;
            while (answer == Offer.QUEUED || answer == Offer.QUEUED_PAUSE) {
                answer = full.offer(Parcels.of(origin, 1, 1_000));
            }
        }

        assertThat(queue.offer(Parcels.of(origin, 2, 30_000))).isEqualTo(Offer.QUEUED_PAUSE);
    }

    @Test
    void whatIsLeftOfTheBudgetIsNotForLargeEnvelopesToEmptyLanes() {
        var roomy = new LaneQueue(1_000_000, budget, new FramePool());
        assertThat(budget.tryReserve(751_000)).isTrue();

        assertThat(roomy.offer(Parcels.of(origin, 1, LaneQueue.SMALL_BYTES + 1)))
                .isEqualTo(Offer.NO_MEMORY);
        assertThat(roomy.offer(Parcels.of(origin, 2, LaneQueue.SMALL_BYTES))).isEqualTo(Offer.QUEUED_PAUSE);
        assertThat(roomy.offer(Parcels.of(origin, 3, 1))).isEqualTo(Offer.NO_MEMORY);
        assertThat(queue.offer(Parcels.of(origin, 4, 900))).isEqualTo(Offer.QUEUED_PAUSE);
        assertThat(queue.offer(Parcels.of(origin, 5, 77))).isEqualTo(Offer.NO_MEMORY);
        assertThat(queue.offer(Parcels.of(origin, 6, 76))).isEqualTo(Offer.QUEUED_PAUSE);
    }

    @Test
    void sendersPauseSoonerWhenLittleIsLeftOfTheBudget() {
        var roomy = new LaneQueue(100_000, budget, new FramePool());
        assertThat(roomy.offer(Parcels.of(origin, 1, 300))).isEqualTo(Offer.QUEUED);
        assertThat(budget.tryReserve(900_000)).isTrue();

        assertThat(roomy.offer(Parcels.of(origin, 2, 100))).isEqualTo(Offer.QUEUED_PAUSE);
        assertThat(roomy.relaxed(2)).isFalse();

        roomy.drain(taken, _ -> {});
        assertThat(roomy.relaxed(2)).isTrue();
    }

    @Test
    void leavesAnEnvelopeThatDoesNotFitTheFrame() {
        queue.offer(Parcels.of(origin, 1, 500));

        assertThat(queue.poll(taken, 499, 1)).isFalse();
        assertThat(queue.poll(taken, 500, 1)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 20_261_120})
    void countsNothingWhenEmptyAfterAnySchedule(long seed) {
        System.out.println("LaneQueueTest seed " + seed);
        var random = new Random(seed);
        long sequence = 0;
        for (int step = 0; step < 20_000; step++) {
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    Parcel parcel = Parcels.of(origin, ++sequence, 1 + random.nextInt(200));
                    parcel.lane = random.nextInt(4);
                    queue.offer(parcel);
                }
                case 2 -> queue.poll(taken, random.nextInt(300), 1);
                default -> queue.settle();
            }
            long overhead = queue.queuedEnvelopes() * (long) LaneQueue.OVERHEAD_BYTES;
            assertThat(origin.heldBytes())
                    .isEqualTo(queue.queuedBytes() + overhead)
                    .isEqualTo(budget.used());
        }

        queue.drain(taken, _ -> {});

        assertThat(queue.queuedBytes()).isZero();
        assertThat(queue.queuedEnvelopes()).isZero();
        assertThat(budget.used()).isZero();
        assertThat(origin.heldBytes()).isZero();
    }

    private List<Long> drained() {
        var sequences = new ArrayList<Long>();
        queue.drain(taken, parcel -> sequences.add(parcel.sequence));
        return sequences;
    }
}
