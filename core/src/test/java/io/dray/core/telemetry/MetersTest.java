package io.dray.core.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetersTest {
    private final Meters meters = new Meters();

    @AfterEach
    void close() {
        meters.close();
    }

    @Test
    void showsCountersByNameAndTags() {
        meters.counter("dray_envelopes_refused", "Refused", "code", "BAD_NAME").add(3);
        meters.counter("dray_envelopes_refused", "Refused", "code", "BAD_NAME").increment();

        assertThat(meters.values()).containsEntry("dray_envelopes_refused_total{code=\"BAD_NAME\"}", 4.0);
        assertThat(meters.scrape()).contains("# HELP dray_envelopes_refused_total Refused");
    }

    @Test
    void readsTotalsAndGaugesWhenAsked() {
        AtomicLong routed = new AtomicLong(5);
        AtomicLong queued = new AtomicLong(7);
        meters.total("dray_envelopes_routed", "Routed", () -> routed.get(), "path", "local");
        meters.gauge("dray_queued_bytes", "Queued", () -> queued.get());
        System.gc();

        routed.set(6);
        queued.set(0);

        assertThat(meters.values())
                .containsEntry("dray_envelopes_routed_total{path=\"local\"}", 6.0)
                .containsEntry("dray_queued_bytes", 0.0);
    }

    @Test
    void showsWhatCameBeforeAndAfterTheFirstQuestionAtOnceAndAtZero() {
        meters.counter("dray_refused", "Refused");
        meters.total("dray_routed", "Routed", () -> 0);
        meters.gauge("dray_queued", "Queued", () -> 0);
        assertThat(meters.values())
                .containsEntry("dray_refused_total", 0.0)
                .containsEntry("dray_routed_total", 0.0)
                .containsEntry("dray_queued", 0.0);

        meters.counter("dray_late", "Late").increment();
        meters.gauge("dray_later", "Later", () -> 0);

        assertThat(meters.values()).containsEntry("dray_late_total", 1.0).containsEntry("dray_later", 0.0);
    }

    @Test
    void keepsCountersOfOneNameApartByTheirTags() {
        meters.counter("dray_refused", "Refused", "code", "A").add(2);
        meters.counter("dray_refused", "Refused", "code", "B").add(3);

        assertThat(meters.values())
                .containsEntry("dray_refused_total{code=\"A\"}", 2.0)
                .containsEntry("dray_refused_total{code=\"B\"}", 3.0);
    }

    @Test
    void keepsTheJvmOutOfItsOwnValues() {
        assertThat(meters.scrape()).contains("jvm_memory_used_bytes");
        assertThat(meters.values().keySet()).allMatch(name -> name.startsWith("dray_"));
    }

    @Test
    void refusesOtherNames() {
        assertThatThrownBy(() -> meters.counter("envelopes", "x")).hasMessageContaining("dray_");
    }
}
