package io.dray.sidecar.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BetterOfTwoTest {
    private static final int DRAWS = 1_000;
    private static final long SEED = 7;

    private final long[] loads = new long[1_000];
    private final Set<Integer> unusable = new HashSet<>();
    private int asked;
    private final Parcel parcel = new Parcel();
    private final BetterOfTwo<Integer> choice = new BetterOfTwo<>(new Random(SEED), new BetterOfTwo.Candidates<>() {
        @Override
        public boolean isUsable(Integer candidate, Parcel ignored) {
            asked++;
            return !unusable.contains(candidate);
        }

        @Override
        public long load(Integer candidate) {
            return loads[candidate];
        }
    });

    @Test
    void theLessLoadedOfTwoIsTaken() {
        loads[0] = 5;
        loads[1] = 4;

        assertThat(draw(2)).isEqualTo(new long[] {0, DRAWS});
    }

    @Test
    void theOneThatCanTakeItIsTakenHoweverManyCannot() {
        loads[13] = Long.MAX_VALUE;
        IntStream.range(0, 20).filter(i -> i != 13).forEach(unusable::add);

        assertThat(draw(20)[13]).isEqualTo(DRAWS);
    }

    @Test
    void thoseThatCanTakeItShareWhatTheOthersCannot() {
        IntStream.range(0, 18).forEach(unusable::add);

        for (int i = 0; i < DRAWS; i++) {
            loads[choice.choose(candidates(20), parcel)]++;
        }

        // Both behind all the others: by place alone the first would get four of five.
        assertThat(loads[18]).as("seed %s", SEED).isCloseTo(loads[19], offset(60L));
        assertThat(loads[18] + loads[19]).isEqualTo(DRAWS);
    }

    @Test
    void theLessLoadedIsTakenWhenNoneCanTakeIt() {
        unusable.addAll(candidates(2));
        loads[1] = 1;

        assertThat(draw(2)).isEqualTo(new long[] {DRAWS, 0});
    }

    @Test
    void aFewAreAskedHoweverManyCannotTakeIt() {
        List<Integer> candidates = candidates(1_000);
        unusable.addAll(candidates);

        choice.choose(candidates, parcel);

        assertThat(asked).isEqualTo(2 + BetterOfTwo.MAX_TRIES);
    }

    @Test
    void allOfAFewAreAsked() {
        int few = 1 + BetterOfTwo.MAX_TRIES;
        IntStream.range(1, few).forEach(unusable::add);

        assertThat(draw(few)[0]).isEqualTo(DRAWS);
    }

    @Test
    void aChoiceAllocatesNothing() {
        IntStream.range(0, 15).forEach(unusable::add);
        List<Integer> candidates = candidates(20);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        for (int i = 0; i < 100 * DRAWS; i++) {
            choice.choose(candidates, parcel);
        }

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10 * DRAWS);
    }

    private long[] draw(int size) {
        long[] taken = new long[size];
        for (int i = 0; i < DRAWS; i++) {
            taken[choice.choose(candidates(size), parcel)]++;
        }
        assertThat(Arrays.stream(taken).sum()).isEqualTo(DRAWS);
        return taken;
    }

    private static List<Integer> candidates(int size) {
        return IntStream.range(0, size).boxed().toList();
    }
}
