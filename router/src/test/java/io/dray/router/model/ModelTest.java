package io.dray.router.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Thousands of random schedules against the reference. {@code -Ddray.model.seeds} sets how many,
 * {@code -Ddray.model.seed} the first one (alone, unless the number is given too), {@code -Ddray.model.steps} their
 * length.
 */
class ModelTest {
    /** Seeds of one CI run; the planted faults must be found by them. */
    static final int SEEDS =
            Integer.getInteger("dray.model.seeds", Long.getLong("dray.model.seed") == null ? 3_000 : 1);

    private static final long FIRST_SEED = Long.getLong("dray.model.seed", 1);
    private static final int STEPS = Integer.getInteger("dray.model.steps", ModelRun.STEPS);

    /** What a run of many seeds must have met, or its laws were never put to the test. */
    private static final String[] MUST_HAPPEN = {
        "CANCELLED",
        "EXPIRED",
        "FAILED",
        "SUCCEEDED",
        "answers",
        "cancels",
        "commits of unknown outcome",
        "crashes",
        "fenced events",
        "fenced writes",
        "lapses",
        "limits",
        "parks",
        "placements of tasks whose turn had come",
        "refused CODE_KEY_CONFLICT",
        "refused CODE_QUEUE_FULL",
        "repeated submissions",
        "stops",
        "takeovers"
    };

    @Test
    void everyScheduleKeepsTheLaws() {
        Map<String, Integer> counts = new TreeMap<>();
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            ModelRun.Result result = ModelRun.run(seed, STEPS, false);
            if (result.isBroken()) {
                throw new AssertionError(ModelRun.report(seed, STEPS));
            }
            result.counts().forEach((what, count) -> counts.merge(what, count, Integer::sum));
        }

        System.out.println("seeds " + FIRST_SEED + " to " + (FIRST_SEED + SEEDS - 1) + ": " + counts);
        if (SEEDS >= 1_000) {
            assertThat(counts).containsKeys(MUST_HAPPEN);
        }
    }

    @Test
    void aSeedIsAlwaysTheSameSchedule() {
        for (long seed = 1; seed <= 16; seed++) {
            ModelRun.Result once = ModelRun.run(seed, STEPS, false);
            ModelRun.Result again = ModelRun.run(seed, STEPS, false);

            assertThat(again.ledger().hash())
                    .as("seed " + seed)
                    .isEqualTo(once.ledger().hash());
            assertThat(again.counts()).as("seed " + seed).isEqualTo(once.counts());
        }
    }
}
