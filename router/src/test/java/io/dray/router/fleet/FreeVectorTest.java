package io.dray.router.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FreeVectorTest {
    private static final long GIB = 1L << 30;
    private static final long SECOND = 1_000_000_000;

    private final FreeVector free = new FreeVector();

    private static NodeFigures figures(int freeCpuMillis, long freeMemory) {
        return new NodeFigures(1, freeCpuMillis, freeMemory, 4_000, 8 * GIB, 0);
    }

    @Test
    void takesAndGivesAtOnceBetweenReports() {
        free.correct(figures(4_000, 8 * GIB), 0, 0);
        Demand demand = new Demand(1_500, GIB);

        free.take(demand, 0);
        assertThat(free.freeCpuMillis()).isEqualTo(2_500);
        assertThat(free.freeMemoryBytes()).isEqualTo(7 * GIB);
        free.give(demand, SECOND);

        assertThat(free.freeCpuMillis()).isEqualTo(4_000);
    }

    @Test
    void aReportSeesOtherLoadButNotWhatItCountsAlready() {
        Demand demand = new Demand(1_000, GIB);
        free.correct(figures(4_000, 8 * GIB), 0, 0);
        free.take(demand, 0);

        free.correct(figures(2_000, 4 * GIB), 0, SECOND);
        assertThat(free.freeCpuMillis()).isEqualTo(2_000);
        free.take(demand, 2 * SECOND);
        free.correct(figures(2_000, 4 * GIB), demand.memoryBytes(), 2 * SECOND);

        assertThat(free.freeCpuMillis()).isEqualTo(1_000);
        assertThat(free.freeMemoryBytes()).isEqualTo(3 * GIB);
    }

    @Test
    void tasksThatCameAndWentBetweenTwoReportsAreNoLoadOfOthers() {
        free.correct(figures(4_000, 8 * GIB), 0, 0);
        Demand demand = new Demand(2_000, GIB);
        for (int tenth = 0; tenth < 10; tenth++) {
            free.take(demand, tenth * SECOND / 10);
            free.give(demand, (tenth + 1) * SECOND / 10);
        }
        free.take(demand, SECOND);

        free.correct(figures(2_000, 7 * GIB), 0, SECOND);

        assertThat(free.freeCpuMillis()).isEqualTo(2_000);
        assertThat(free.freeMemoryBytes()).isEqualTo(7 * GIB);
        free.give(demand, SECOND);
        assertThat(free.freeCpuMillis()).isEqualTo(4_000);
    }

    @Test
    void aTaskThatEndedJustBeforeTheReportLeavesNothingBehind() {
        free.correct(figures(4_000, 8 * GIB), 0, 0);
        Demand demand = new Demand(4_000, GIB);
        free.take(demand, 0);
        free.give(demand, SECOND * 9 / 10);

        free.correct(figures(400, 8 * GIB), 0, SECOND);

        assertThat(free.freeCpuMillis()).isEqualTo(4_000);
    }

    @Test
    void whatOthersUseStaysUntilTheNextReport() {
        free.correct(figures(4_000, 8 * GIB), 0, 0);
        Demand demand = new Demand(1_000, GIB);
        free.take(demand, 0);
        free.correct(figures(1_500, 7 * GIB), 0, SECOND);

        assertThat(free.freeCpuMillis()).isEqualTo(1_500);
        free.give(demand, SECOND);
        assertThat(free.freeCpuMillis()).isEqualTo(2_500);
        free.correct(figures(4_000, 8 * GIB), 0, 2 * SECOND);

        assertThat(free.freeCpuMillis()).isEqualTo(4_000);
    }

    @Test
    void aLittleLoadOfOthersDoesNotEmptyTheLastCore() {
        free.correct(figures(4_000, 8 * GIB), 0, 0);

        free.correct(figures(3_800, 8 * GIB), 0, SECOND);
        assertThat(free.fits(new Demand(4_000, GIB))).isTrue();
        free.correct(figures(3_700, 8 * GIB), 0, 2 * SECOND);

        assertThat(free.freeCpuMillis()).isEqualTo(3_700);
    }

    @Test
    void aCompletionThatTheReportCountsDoesNotMakeMoreThanThereIs() {
        Demand demand = new Demand(1_000, GIB);
        free.take(demand, 0);
        free.correct(figures(4_000, 8 * GIB), 0, 0);

        free.give(demand, SECOND);

        assertThat(free.freeCpuMillis()).isEqualTo(4_000);
        assertThat(free.freeMemoryBytes()).isEqualTo(8 * GIB);
    }

    @Test
    void aReportOfMoreThanTheHostHasIsClamped() {
        free.correct(figures(99_000, 99 * GIB), 0, 0);

        assertThat(free.freeCpuMillis()).isEqualTo(4_000);
        assertThat(free.freeMemoryBytes()).isEqualTo(8 * GIB);
    }

    @Test
    void aHostThatOthersKeepBusyOffersAQuarterOfItsCpuButNoMemory() {
        free.correct(figures(0, 0), 0, 0);
        assertThat(free.freeCpuMillis()).isEqualTo(1_000);
        assertThat(free.freeMemoryBytes()).isZero();

        free.take(new Demand(900, 0), 0);

        assertThat(free.freeCpuMillis()).isEqualTo(100);
    }

    @Test
    void withoutMeasuredTotalsTheSlotsAloneLimit() {
        assertThat(free.fits(new Demand(1_000_000, 1_000 * GIB))).isTrue();
    }

    @Test
    void useIsTheGreaterOfWhatIsDeclaredAndMeasured() {
        free.take(new Demand(1_000, GIB), 0);

        free.correct(figures(3_900, 8 * GIB), 0, 0);
        assertThat(free.freeCpuMillis()).isEqualTo(3_000);
        assertThat(free.freeMemoryBytes()).isEqualTo(7 * GIB);
        free.correct(figures(1_500, 2 * GIB), 0, SECOND);

        assertThat(free.freeCpuMillis()).isEqualTo(1_500);
        assertThat(free.freeMemoryBytes()).isEqualTo(2 * GIB);
    }
}
