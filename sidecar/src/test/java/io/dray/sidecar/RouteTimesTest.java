package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.sidecar.outbound.LinkMeters;
import io.dray.sidecar.queue.Parcel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RouteTimesTest {
    private static final int CRITICAL = 0;
    private static final int LOW = 3;
    private static final SidecarConfig.Lanes LANES = new SidecarConfig.Lanes(
            Duration.ofMillis(10), Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ZERO);

    @Test
    void countsEnvelopesThatWaitedForLongerThanTheirLanesBudget() {
        RouteTimes times = new RouteTimes(true, LANES);

        write(times, CRITICAL, 3, 10);
        write(times, CRITICAL, 4, 11);
        write(times, LOW, 5, 100_000);

        assertThat(times.misses(CRITICAL)).isEqualTo(4);
        assertThat(times.misses(LOW)).isZero();
    }

    @Test
    void theTimeInWhichTheWindowWasShutIsWaitingButNotRouting() {
        RouteTimes times = new RouteTimes(true, LANES);
        Parcel parcel = parcel(CRITICAL, 1);
        parcel.arrivedNanos = TimeUnit.MILLISECONDS.toNanos(49);

        times.record(parcel, 0, TimeUnit.MILLISECONDS.toNanos(50));

        assertThat(times.misses(CRITICAL)).isEqualTo(1);
        assertThat(times.encoded()).isNotEqualTo(new RouteTimes(true, LANES).encoded());
    }

    @Test
    void nothingIsMeteredOnTheHotPathWhenThatIsSwitchedOff() {
        RouteTimes times = new RouteTimes(false, LANES);
        LinkMeters counts = new LinkMeters(false);

        write(times, CRITICAL, 1, 1_000);
        counts.routedLocal.add(5);
        counts.routedRemote.increment();
        counts.breaks.increment();

        assertThat(times.misses(CRITICAL)).isZero();
        assertThat(times.encoded()).isEqualTo(new RouteTimes(true, LANES).encoded());
        assertThat(counts.routedLocal.sum()).isZero();
        assertThat(counts.routedRemote.sum()).isZero();
        assertThat(counts.breaks.sum()).isEqualTo(1);
    }

    @Test
    void aBudgetThatChangesCountsFromThenOn() {
        RouteTimes times = new RouteTimes(true, LANES);
        write(times, CRITICAL, 1, 11);

        times.budgets(new SidecarConfig.Lanes(
                Duration.ofMillis(20), Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ZERO));
        write(times, CRITICAL, 1, 19);
        write(times, CRITICAL, 1, 21);

        assertThat(times.misses(CRITICAL)).isEqualTo(2);
    }

    private static void write(RouteTimes times, int lane, int count, long millis) {
        times.record(parcel(lane, count), 0, TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private static Parcel parcel(int lane, int count) {
        Parcel parcel = new Parcel();
        parcel.lane = lane;
        parcel.count = count;
        return parcel;
    }
}
