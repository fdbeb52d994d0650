package io.dray.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OpenLoopTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final FakeClock clock = new FakeClock();
    private final OpenLoop loop = new OpenLoop(clock);

    @Test
    void messagesAreDueAtEvenTimes() {
        List<Long> due = new ArrayList<>();

        long sent = loop.run(1_000, 0.005, due::add);

        assertThat(sent).isEqualTo(5);
        assertThat(due).containsExactly(0L, MILLI, 2 * MILLI, 3 * MILLI, 4 * MILLI);
    }

    @Test
    void aStalledSinkShowsInTheLatencyOfAllThatItDelayed() {
        List<Long> latencies = new ArrayList<>();

        long sent = loop.run(1_000, 0.1, due -> {
            if (due == 10 * MILLI) {
                clock.now += 50 * MILLI;
            }
            latencies.add((clock.now - due) / MILLI);
        });

        assertThat(sent).isEqualTo(100);
        assertThat(latencies.subList(0, 10)).containsOnly(0L);
        assertThat(latencies.subList(10, 60)).containsExactlyElementsOf(descending(50));
        assertThat(latencies.subList(60, 100)).containsOnly(0L);
    }

    @Test
    void whatIsStillDueTenSecondsAfterTheEndIsGivenUp() {
        long sent = loop.run(1_000, 0.1, _ -> clock.now += TimeUnit.SECONDS.toNanos(4));

        assertThat(sent).isEqualTo(3);
    }

    @Test
    void aRateThatDoesNotDivideASecondKeepsItsPlanForLong() {
        List<Long> due = new ArrayList<>();

        loop.run(7, 100, due::add);

        assertThat(due).hasSize(700);
        assertThat(due.get(693)).isEqualTo(TimeUnit.SECONDS.toNanos(99));
    }

    private static List<Long> descending(long from) {
        List<Long> values = new ArrayList<>();
        for (long value = from; value > 0; value--) {
            values.add(value);
        }
        return values;
    }

    private static final class FakeClock implements Clock {
        private long now;

        @Override
        public long nanos() {
            return now;
        }

        @Override
        public void waitUntil(long nanos) {
            now = Math.max(now, nanos);
        }
    }
}
