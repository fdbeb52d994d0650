package io.dray.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class RowTest {
    @Test
    void takesMediansAndExtremesOverTheWindows() {
        Row row = Reports.row(Reports.REQUEST_REPLY, Reports.DRAY, 100, 900, 200);

        assertThat(row.figures().throughputPerS()).isEqualTo(200);
        assertThat(row.figures().p50Us()).isEqualTo(1e7 / 200);
        assertThat(row.spread().min().throughputPerS()).isEqualTo(100);
        assertThat(row.spread().max().throughputPerS()).isEqualTo(900);
        assertThat(row.spread().min().p99Us()).isEqualTo(3e7 / 900);
        assertThat(row.noisy()).isFalse();
    }

    @Test
    void takesTheMeanOfTheMiddleTwoOfAnEvenNumber() {
        assertThat(Reports.row(Reports.ONE_WAY, Reports.DRAY, 100, 900, 200, 300)
                        .figures()
                        .throughputPerS())
                .isEqualTo(250);
    }

    @Test
    void sumsPausesAndStallsSoThatASingleOneIsSeen() {
        Figures figures = Reports.figures(Reports.ONE_WAY, 1);
        Row row = Row.of(
                Reports.ONE_WAY,
                Reports.DRAY,
                List.of(window(figures, 0.0, 0L), window(figures, 0.0, 2L), window(figures, 40.0, 0L)),
                List.of());

        assertThat(row.cost().gcPauseMs()).isEqualTo(40);
        assertThat(row.cost().loopStalls()).isEqualTo(2);
    }

    @Test
    void sumsWhatCameAgainApartFromWhatFailed() {
        Figures figures = Reports.figures(Reports.ONE_WAY, 1);
        Row row = Row.of(
                Reports.ONE_WAY,
                Reports.DRAY,
                List.of(
                        WindowRow.of(1, figures.withDuplicates(2), Reports.cost(1, 60, null), 0),
                        WindowRow.of(1, figures.withDuplicates(3), Reports.cost(1, 60, null), 0)),
                List.of());

        assertThat(row.figures().duplicates()).isEqualTo(5);
        assertThat(row.figures().failures()).isZero();
    }

    @Test
    void refusesToBeWithoutWindows() {
        assertThatThrownBy(() -> Row.of(Reports.ONE_WAY, Reports.DRAY, List.of(), List.of()))
                .hasMessageContaining(": 0 (expected: at least 1)");
    }

    @Test
    void readsTheLatencyCurveInMicroseconds() {
        List<Percentile> curve = Percentile.curve(Reports.histogram(1_000));

        assertThat(curve)
                .contains(new Percentile(50, 500.223))
                .isSortedAccordingTo((a, b) -> Double.compare(a.us(), b.us()));
        assertThat(Percentile.curve(new Histogram(3))).isEmpty();
    }

    private static WindowRow window(Figures figures, double gcPauseMs, long stalls) {
        return WindowRow.of(5, figures, new Cost(1, Map.of(), Map.of(), null, gcPauseMs, stalls), 0);
    }
}
