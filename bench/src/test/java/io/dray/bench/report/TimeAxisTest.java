package io.dray.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimeAxisTest {
    @Test
    void holdsAllValuesBetweenRoundOnes() {
        assertThat(TimeAxis.over(new double[] {43, 87, 310})).isEqualTo(new TimeAxis(20, 500));
        assertThat(TimeAxis.over(new double[] {50})).isEqualTo(new TimeAxis(50, 100));
        assertThat(TimeAxis.over(new double[] {0.2, 0.9})).isEqualTo(new TimeAxis(1, 2));
    }

    @Test
    void hasALineAtEachStepWhenItIsShortAndAtPowersOfTenOtherwise() {
        assertThat(new TimeAxis(20, 500).ticks()).containsExactly(20.0, 50.0, 100.0, 200.0, 500.0);
        assertThat(new TimeAxis(20, 50_000).ticks()).containsExactly(100.0, 1_000.0, 10_000.0);
    }

    @Test
    void givesEachTenfoldTheSameLength() {
        TimeAxis axis = new TimeAxis(10, 1_000);

        assertThat(axis.share(100)).isEqualTo(0.5);
        assertThat(axis.share(0)).isZero();
        assertThat(axis.share(1_000)).isEqualTo(1);
    }
}
