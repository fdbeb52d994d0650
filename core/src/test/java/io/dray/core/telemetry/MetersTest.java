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
        meters.counter("dray_envelopes_refused", "Refused", "code", "BAD_NAME").increment(3);
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
    void keepsTheJvmOutOfItsOwnValues() {
        assertThat(meters.scrape()).contains("jvm_memory_used_bytes");
        assertThat(meters.values().keySet()).allMatch(name -> name.startsWith("dray_"));
    }

    @Test
    void refusesOtherNames() {
        assertThatThrownBy(() -> meters.counter("envelopes", "x")).hasMessageContaining("dray_");
    }
}
