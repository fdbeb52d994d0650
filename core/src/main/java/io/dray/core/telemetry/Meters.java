package io.dray.core.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/** The meters of one process, shown in Prometheus's format. Names start with {@code dray_}. Thread-safe. */
public final class Meters implements AutoCloseable {
    private static final String PREFIX = "dray_";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    // The registry holds what it reads totals from weakly.
    private final List<LongSupplier> totals = new CopyOnWriteArrayList<>();

    /** Makes a set that holds only the JVM's own meters. */
    public Meters() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    /** Returns the registry, for what this class does not offer. */
    public PrometheusMeterRegistry registry() {
        return registry;
    }

    /**
     * Returns a counter; asking again returns the same one.
     *
     * @param name for example {@code dray_envelopes_refused}, shown with {@code _total}
     * @param tags keys and values in turn
     */
    public Counter counter(String name, String description, String... tags) {
        return Counter.builder(checked(name))
                .description(description)
                .tags(tags)
                .register(registry);
    }

    /** Shows a total that is counted elsewhere and only grows; with {@code _total} at the end of its name. */
    public void total(String name, String description, LongSupplier total, String... tags) {
        totals.add(total);
        FunctionCounter.builder(checked(name), total, LongSupplier::getAsLong)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    /** Shows a figure that goes up and down. */
    public void gauge(String name, String description, DoubleSupplier value, String... tags) {
        Gauge.builder(checked(name), value::getAsDouble)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    /** Returns the page of /metrics. */
    public String scrape() {
        return registry.scrape();
    }

    /** Returns the values of our own meters by name and tags as on the page. */
    public Map<String, Double> values() {
        Map<String, Double> values = new LinkedHashMap<>();
        for (String line : (Iterable<String>) scrape().lines()::iterator) {
            int space = line.lastIndexOf(' ');
            if (line.startsWith(PREFIX) && space > 0) {
                values.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
            }
        }
        return values;
    }

    @Override
    public void close() {
        registry.close();
    }

    private static String checked(String name) {
        if (!name.startsWith(PREFIX)) {
            throw new IllegalArgumentException("meter: " + name + " (expected: a name that starts with dray_)");
        }
        return name;
    }
}
