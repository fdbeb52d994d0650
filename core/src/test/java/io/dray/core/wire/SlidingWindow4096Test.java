package io.dray.core.wire;

import static io.dray.core.wire.SlidingWindow4096.Verdict.DONE;
import static io.dray.core.wire.SlidingWindow4096.Verdict.IN_PROGRESS;
import static io.dray.core.wire.SlidingWindow4096.Verdict.NEW;
import static io.dray.core.wire.SlidingWindow4096.Verdict.TOO_OLD;
import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.wire.SlidingWindow4096.Verdict;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SlidingWindow4096Test {
    private final SlidingWindow4096 window = new SlidingWindow4096();

    @Test
    void tellsRepeatsFromNews() {
        assertThat(window.offer(1)).isEqualTo(NEW);
        assertThat(window.offer(1)).isEqualTo(IN_PROGRESS);
        window.done(1);
        assertThat(window.offer(1)).isEqualTo(DONE);
        assertThat(window.offer(2)).isEqualTo(NEW);
    }

    @Test
    void takesOrdinalsOutOfOrderWithinItsSpan() {
        assertThat(window.offer(4096)).isEqualTo(NEW);
        assertThat(window.offer(1)).isEqualTo(NEW);
        assertThat(window.offer(4097)).isEqualTo(NEW);
        assertThat(window.offer(1)).isEqualTo(TOO_OLD);
        assertThat(window.offer(2)).isEqualTo(NEW);
        assertThat(window.offer(0)).isEqualTo(TOO_OLD);
    }

    @Test
    void deliversAgainWhatItForgot() {
        window.offer(5);
        window.done(5);

        window.forget(5);

        assertThat(window.offer(5)).isEqualTo(NEW);
    }

    @Test
    void ignoresWhatWasNeverSeenOrIsLongGone() {
        window.done(9);
        window.offer(10_000);
        window.done(9);
        window.forget(9);

        assertThat(window.offer(9)).isEqualTo(TOO_OLD);
        window.done(9_999);
        assertThat(window.offer(9_999)).isEqualTo(NEW);
    }

    @Test
    void takesOrdinalsAsUnsigned() {
        assertThat(window.offer(Long.MAX_VALUE)).isEqualTo(NEW);
        assertThat(window.offer(Long.MIN_VALUE)).isEqualTo(NEW);
        assertThat(window.offer(Long.MAX_VALUE)).isEqualTo(IN_PROGRESS);
        assertThat(window.offer(-1)).isEqualTo(NEW);
        assertThat(window.offer(1)).isEqualTo(TOO_OLD);
    }

    @Test
    void agreesWithAMapOverRandomOrdinals() {
        long seed = System.nanoTime();
        System.out.println("SlidingWindow4096Test.agreesWithAMapOverRandomOrdinals seed " + seed);
        Random random = new Random(seed);
        Map<Long, Boolean> doneBySeen = new HashMap<>();
        long greatest = 0;
        for (int i = 0; i < 200_000; i++) {
            long ordinal = Math.max(1, greatest + 40 - random.nextInt(random.nextInt(10) == 0 ? 6000 : 80));
            greatest = Math.max(greatest, ordinal);
            Verdict expected = expected(doneBySeen.get(ordinal), greatest - ordinal);

            assertThat(window.offer(ordinal)).as("seed %d, step %d", seed, i).isEqualTo(expected);

            doneBySeen.putIfAbsent(ordinal, false);
            if (random.nextBoolean()) {
                window.done(ordinal);
                doneBySeen.put(ordinal, true);
            }
        }
    }

    private static Verdict expected(@Nullable Boolean done, long behind) {
        if (behind >= SlidingWindow4096.SPAN) {
            return TOO_OLD;
        }
        if (done == null) {
            return NEW;
        }
        return done ? DONE : IN_PROGRESS;
    }
}
