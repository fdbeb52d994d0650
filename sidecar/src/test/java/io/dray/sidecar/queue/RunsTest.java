package io.dray.sidecar.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.net.MemoryBudget;
import io.dray.sidecar.frame.FramePool;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunsTest {
    private final MemoryBudget budget = new MemoryBudget(10_000_000);
    private final LaneQueue queue = new LaneQueue(1_000_000, budget, new FramePool());
    private final RecordingOrigin origin = new RecordingOrigin();
    private final Parcel taken = new Parcel();

    @Test
    void handsOutEachEnvelopeOfARunAndIsTheRunAgain() {
        Parcel run = Parcels.run(origin, 5, 3);
        var sequences = new ArrayList<Long>();

        run.forEach(one -> {
            sequences.add(one.sequence);
            assertThat(one.count).isEqualTo(1);
            assertThat(one.length).isEqualTo(Parcels.RANGE_BYTES);
        });

        assertThat(sequences).containsExactly(5L, 6L, 7L);
        assertThat(run.count).isEqualTo(3);
        assertThat(run.sequence).isEqualTo(5);
        assertThat(run.length).isEqualTo(3 * Parcels.RANGE_BYTES);
        assertThat(run.envelopeBytes).isEqualTo(3 * Long.BYTES);
    }

    @Test
    void takesNoEnvelopeBehindAGap() {
        Parcel run = Parcels.run(origin, 5, 3);

        assertThat(run.extend(run.frame, run.length, 10, 8, 9, 0, 0)).isFalse();
        assertThat(run.extend(run.frame, run.length - 1, 10, 8, 8, 0, 0)).isFalse();

        assertThat(run.count).isEqualTo(3);
    }

    @Test
    void keepsDeadlinesOfOneMillisecondTogetherAndNoOthers() {
        Parcel run = Parcels.run(origin, 1, 4);
        run.count = 1;
        run.length = Parcels.RANGE_BYTES;
        run.deadlineMicros = 5_000_100;

        assertThat(run.extend(run.frame, 10, 10, 8, 2, 0, 5_000_900)).isTrue();
        assertThat(run.deadlineMicros).isEqualTo(5_000_900);
        assertThat(run.extend(run.frame, 20, 10, 8, 3, 0, 5_001_000)).isFalse();
        assertThat(run.extend(run.frame, 20, 10, 8, 3, 0, 0)).isFalse();
    }

    @Test
    void ordinalsFollowOneAnotherOrEndTheRun() {
        Parcel run = Parcels.run(origin, 1, 4);
        run.count = 1;
        run.length = Parcels.RANGE_BYTES;
        run.ordinal = 7;

        assertThat(run.extend(run.frame, 10, 10, 8, 2, 8, 0)).isTrue();
        assertThat(run.extend(run.frame, 20, 10, 8, 3, 8, 0)).isFalse();
        assertThat(run.extend(run.frame, 20, 10, 8, 3, 0, 0)).isFalse();
    }

    @Test
    void takesAsMuchOfARunAsFits() {
        queue.offer(Parcels.run(origin, 1, 10));

        assertThat(queue.poll(taken, 3 * Parcels.RANGE_BYTES + 9, 100)).isTrue();
        assertThat(Parcels.contents(taken)).containsExactly(1L, 2L, 3L);
        assertThat(queue.poll(taken, 1_000, 2)).isTrue();
        assertThat(Parcels.contents(taken)).containsExactly(4L, 5L);
        assertThat(taken.sequence).isEqualTo(4);
        assertThat(queue.poll(taken, Parcels.RANGE_BYTES - 1, 100)).isFalse();
        assertThat(queue.queuedEnvelopes()).isEqualTo(5);
    }

    @Test
    void lanesTakeTurnsByEnvelopes() {
        queue.offer(Parcels.run(origin, 1, 10));
        Parcel low = Parcels.run(origin, 11, 10);
        low.lane = 3;
        queue.offer(low);

        assertThat(queue.poll(taken, 1_000, 100)).isTrue();

        assertThat(taken.count).isEqualTo(1);
    }

    @Test
    void refusesAWholeRunInOneReceipt() {
        queue.close();
        Parcel run = Parcels.run(origin, 5, 3);

        Refusals.notQueued(run, queue.offer(run));

        assertThat(origin.told()).extracting(RecordingOrigin.Told::sequence).containsExactly(5L, 6L, 7L);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 20_261_121})
    void losesAndDoublesNothingAndCountsNothingWhenEmpty(long seed) {
        System.out.println("RunsTest seed " + seed);
        var random = new Random(seed);
        List<Long> out = new ArrayList<>();
        long next = 1;
        for (int step = 0; step < 20_000; step++) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    int count = 1 + random.nextInt(Parcel.MAX_RUN);
                    queue.offer(Parcels.run(origin, next, count));
                    next += count;
                }
                case 1 -> queue.settle();
                default -> {
                    if (queue.poll(taken, random.nextInt(700), 1 + random.nextInt(100))) {
                        out.addAll(Parcels.contents(taken));
                        taken.frame.release();
                    }
                }
            }
            assertThat(origin.heldBytes()).isEqualTo(budget.used());
        }
        queue.drain(taken, run -> out.addAll(Parcels.contents(run)));

        assertThat(out).isEqualTo(LongStream.range(1, next).boxed().toList());
        assertThat(queue.queuedBytes()).isZero();
        assertThat(queue.queuedEnvelopes()).isZero();
        assertThat(budget.used()).isZero();
        assertThat(origin.heldBytes()).isZero();
    }
}
