package io.dray.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PairedRatiosTest {
    @Test
    void ofTwentyPairsTheSixthAndTheFifteenthBoundTheMedian() {
        PairedRatios ratios = ratios(20);

        assertThat(ratios.median()).isEqualTo(10.5);
        assertThat(ratios.low()).isEqualTo(6);
        assertThat(ratios.high()).isEqualTo(15);
    }

    @Test
    void ofSixPairsAllAreNeeded() {
        PairedRatios ratios = ratios(6);

        assertThat(ratios.low()).isEqualTo(1);
        assertThat(ratios.high()).isEqualTo(6);
    }

    @Test
    void ofAnOddNumberTheMiddleOneIsTheMedian() {
        PairedRatios ratios = ratios(3);

        assertThat(ratios.median()).isEqualTo(2);
        assertThat(ratios.low()).isEqualTo(1);
        assertThat(ratios.high()).isEqualTo(3);
    }

    @Test
    void theBarIsForTheMedian() {
        PairedRatios ratios = ratios(20);

        assertThat(ratios.atMost("ratio", 10.4).met()).isFalse();
        assertThat(ratios.atLeast("ratio", 10.5).text()).isEqualTo("ratio: 10.5 (6.000 to 15.0), bar >= 10.5: met");
    }

    /** As many ratios as that, from 1 on. */
    private static PairedRatios ratios(int count) {
        PairedRatios ratios = new PairedRatios();
        for (int i = count; i >= 1; i--) {
            ratios.add(i * 2.0, 2);
        }
        return ratios;
    }
}
