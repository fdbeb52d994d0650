package io.dray.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SequenceMapTest {
    private final SequenceMap<String> map = new SequenceMap<>();

    @Test
    void keepsReplacesAndForgets() {
        map.put(7, "a");
        map.put(7, "b");

        assertThat(map.get(7)).isEqualTo("b");
        assertThat(map.get(8)).isNull();
        assertThat(map.size()).isEqualTo(1);
        assertThat(map.remove(7)).isEqualTo("b");
        assertThat(map.remove(7)).isNull();
        assertThat(map.isEmpty()).isTrue();
    }

    @Test
    void returnsValuesInOrder() {
        for (long sequence : new long[] {500, 31, 33, 32, 34, -5}) {
            map.put(sequence, Long.toString(sequence));
        }

        assertThat(map.values()).containsExactly("-5", "31", "32", "33", "34", "500");
    }

    @Test
    void marksWhatIsKeptOfARunAndNothingBeside() {
        for (long sequence = 30; sequence <= 100; sequence++) {
            map.put(sequence, "x");
        }

        map.mark(31, 64, 1);
        map.mark(99, Long.MAX_VALUE, 2);

        for (long sequence = 30; sequence <= 100; sequence++) {
            assertThat(map.isMarked(sequence, 0)).isFalse();
            assertThat(map.isMarked(sequence, 1)).isEqualTo(sequence >= 31 && sequence <= 64);
            assertThat(map.isMarked(sequence, 2)).isEqualTo(sequence >= 99);
        }
        map.put(40, "again");
        assertThat(map.isMarked(40, 1)).isFalse();
        assertThat(map.isMarked(41, 1)).isTrue();
    }

    @Test
    void aPageThatIsUsedAgainHasNoMarks() {
        map.put(1, "x");
        map.put(2, "x");
        map.mark(1, 2, 0);
        map.remove(1);
        map.remove(2);

        map.put(33, "x");
        map.put(34, "x");

        assertThat(map.isMarked(33, 0)).isFalse();
        assertThat(map.isMarked(34, 0)).isFalse();
    }

    @Test
    void agreesWithASortedMapOverRandomSteps() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        var expected = new TreeMap<Long, String>();

        for (int step = 0; step < 20_000; step++) {
            long sequence = random.nextInt(step / 16 + 200);
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    map.put(sequence, "v" + step);
                    expected.put(sequence, "v" + step);
                }
                case 2 -> assertThat(map.remove(sequence)).as("seed %d", seed).isEqualTo(expected.remove(sequence));
                default -> assertThat(map.get(sequence)).as("seed %d", seed).isEqualTo(expected.get(sequence));
            }
            assertThat(map.size()).as("seed %d", seed).isEqualTo(expected.size());
        }

        assertThat(map.values()).as("seed %d", seed).containsExactlyElementsOf(expected.values());
    }
}
