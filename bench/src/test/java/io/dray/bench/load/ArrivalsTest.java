package io.dray.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrivalsTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 20_261_121})
    void tellsWhatIsNewInAnyOrder(long seed) {
        System.out.println("ArrivalsTest seed " + seed);
        var random = new Random(seed);
        var arrivals = new Arrivals();
        for (int most : new int[] {300_000, 100, 1_000_000}) {
            var seen = new BitSet();
            for (int i = 0; i < 50_000; i++) {
                int number = random.nextInt(most);
                assertThat(arrivals.add(number)).isEqualTo(!seen.get(number));
                seen.set(number);
            }
            arrivals.clear();
        }
    }
}
