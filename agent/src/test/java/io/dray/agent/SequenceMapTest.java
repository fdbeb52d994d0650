package io.dray.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
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
    void offersARunInOrderAndForgetsWhatIsTaken() {
        for (long sequence : new long[] {500, 31, 33, 32, 34, -5}) {
            map.put(sequence, Long.toString(sequence));
        }
        List<String> offered = new ArrayList<>();

        map.removeIf(31, 100, value -> offered.add(value) && !value.equals("33"));

        assertThat(offered).containsExactly("31", "32", "33", "34");
        assertThat(map.values()).containsExactly("-5", "33", "500");
    }

    @Test
    void aRunThatClaimsEverythingCostsWhatIsHeld() {
        map.put(Long.MIN_VALUE, "least");
        map.put(Long.MAX_VALUE, "greatest");

        map.removeIf(_ -> true);

        assertThat(map.isEmpty()).isTrue();
    }

    @Test
    void agreesWithASortedMapOverRandomSteps() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        var expected = new TreeMap<Long, String>();

        for (int step = 0; step < 20_000; step++) {
            long sequence = random.nextInt(step / 16 + 200);
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    map.put(sequence, "v" + step);
                    expected.put(sequence, "v" + step);
                }
                case 2 -> assertThat(map.remove(sequence)).as("seed %d", seed).isEqualTo(expected.remove(sequence));
                case 3 -> {
                    long end = sequence + random.nextInt(80);
                    boolean all = random.nextBoolean();
                    map.removeIf(sequence, end, value -> all || value.hashCode() % 2 == 0);
                    expected.subMap(sequence, end + 1).values().removeIf(value -> all || value.hashCode() % 2 == 0);
                }
                default -> assertThat(map.get(sequence)).as("seed %d", seed).isEqualTo(expected.get(sequence));
            }
            assertThat(map.size()).as("seed %d", seed).isEqualTo(expected.size());
        }

        assertThat(map.values()).as("seed %d", seed).containsExactlyElementsOf(expected.values());
    }
}
