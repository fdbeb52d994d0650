package io.dray.core.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/** The meters of one process, shown in Prometheus's format. Names start with {@code dray_}. Thread-safe. */
@SuppressWarnings("DoNotCallSuggester") // Bodies follow.
public final class Meters implements AutoCloseable {
    /** Makes an empty set with the JVM's own meters. */
    public Meters() {}

    /** Returns the registry, for what this class does not offer. */
    public PrometheusMeterRegistry registry() {
        throw new UnsupportedOperationException("not yet");
    }

    /**
     * Returns a counter; asking again returns the same one.
     *
     * @param name for example {@code dray_envelopes_refused}, shown with {@code _total}
     * @param tags keys and values in turn
     */
    public Counter counter(String name, String description, String... tags) {
        throw new UnsupportedOperationException("not yet");
    }

    /** Shows a total that is counted elsewhere and only grows. */
    public void total(String name, String description, LongSupplier total, String... tags) {
        throw new UnsupportedOperationException("not yet");
    }

    /** Shows a figure that goes up and down. */
    public void gauge(String name, String description, DoubleSupplier value, String... tags) {
        throw new UnsupportedOperationException("not yet");
    }

    /** Returns the page of /metrics. */
    public String scrape() {
        throw new UnsupportedOperationException("not yet");
    }

    /** Returns the values of our own meters by name and tags as on the page. */
    public Map<String, Double> values() {
        throw new UnsupportedOperationException("not yet");
    }

    @Override
    public void close() {}
}
