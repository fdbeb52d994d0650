package io.dray.core.telemetry;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.function.DoubleSupplier;

/** The registry behind {@link Meters}, with the JVM's own meters: all that needs Micrometer's classes. Thread-safe. */
final class MeterPage implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    MeterPage() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    PrometheusMeterRegistry registry() {
        return registry;
    }

    void show(Shown shown) {
        String[] tags = shown.tags().toArray(String[]::new);
        if (shown.isTotal()) {
            // The registry holds it weakly; the list of Meters holds it.
            FunctionCounter.builder(shown.name(), shown.value(), DoubleSupplier::getAsDouble)
                    .description(shown.description())
                    .tags(tags)
                    .register(registry);
        } else {
            Gauge.builder(shown.name(), shown.value()::getAsDouble)
                    .description(shown.description())
                    .tags(tags)
                    .register(registry);
        }
    }

    String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        registry.close();
    }

    /** A meter as it was asked for; tags are keys and values in turn. */
    record Shown(String name, String description, boolean isTotal, DoubleSupplier value, List<String> tags) {}
}
