package io.dray.sidecar.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumberRunsTest {
    private static final class Colour extends NumberRuns.Run<Colour> {
        private final String name;

        Colour(String name, long first, int count) {
            super(first, count);
            this.name = name;
        }

        @Override
        protected Colour from(long firstOfTail, int tailCount) {
            return new Colour(name, firstOfTail, tailCount);
        }

        @Override
        public String toString() {
            return name + first() + "+" + count();
        }
    }

    private final NumberRuns<Colour> runs = new NumberRuns<>();

    @Test
    void cutsOutTheMiddleOfARun() {
        runs.add(new Colour("red", 10, 10));

        assertThat(taken(13, 14)).containsExactly("red13+2");

        assertThat(runs.size()).isEqualTo(8);
        assertThat(taken(Long.MIN_VALUE, Long.MAX_VALUE)).containsExactly("red10+3", "red15+5");
        assertThat(runs.size()).isZero();
    }

    @Test
    void aRunGrowsAtItsEnd() {
        Colour red = new Colour("red", 10, 1);
        runs.add(red);

        runs.extend(red, 4);

        assertThat(runs.find(14)).isSameAs(red);
        assertThat(runs.find(15)).isNull();
        assertThat(runs.size()).isEqualTo(5);
    }

    @Test
    void leavesWhatIsNotWanted() {
        runs.add(new Colour("red", 1, 3));
        runs.add(new Colour("blue", 4, 3));

        List<Colour> taken = new ArrayList<>();
        runs.take(2, 5, colour -> colour.name.equals("blue"), taken::add);

        assertThat(taken).extracting(Colour::toString).containsExactly("blue4+2");
        assertThat(runs.size()).isEqualTo(4);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void agreesWithAMapOfSingleNumbers(long seed) {
        var random = new Random(seed);
        Map<Long, String> expected = new TreeMap<>();
        for (int step = 0; step < 3_000; step++) {
            long first = random.nextInt(400);
            int count = 1 + random.nextInt(12);
            if (random.nextBoolean()) {
                String name = random.nextBoolean() ? "red" : "blue";
                for (long number = first; number < first + count && !expected.containsKey(number); number++) {
                    expected.put(number, name);
                    Colour before = runs.find(number - 1);
                    if (before != null && before.name.equals(name) && before.first() + before.count() == number) {
                        runs.extend(before, 1);
                    } else {
                        runs.add(new Colour(name, number, 1));
                    }
                }
            } else {
                List<String> gone = new ArrayList<>();
                long last = first + count - 1;
                runs.take(first, last, colour -> colour.name.equals("red"), colour -> {
                    for (int i = 0; i < colour.count(); i++) {
                        gone.add(colour.name + (colour.first() + i));
                    }
                });
                List<String> wanted = new ArrayList<>();
                for (long number = first; number <= last; number++) {
                    if ("red".equals(expected.get(number))) {
                        expected.remove(number);
                        wanted.add("red" + number);
                    }
                }
                assertThat(gone).as("seed %s", seed).isEqualTo(wanted);
            }
            assertThat(runs.size()).as("seed %s", seed).isEqualTo(expected.size());
        }
        for (long number = 0; number < 420; number++) {
            Colour found = runs.find(number);
            assertThat(found == null ? null : found.name).as("seed %s", seed).isEqualTo(expected.get(number));
        }
    }

    private List<String> taken(long first, long last) {
        List<String> taken = new ArrayList<>();
        runs.take(first, last, _ -> true, run -> taken.add(run.toString()));
        return taken;
    }
}
