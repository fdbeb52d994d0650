package io.dray.core.telemetry;

import io.dray.core.telemetry.MeterPage.Shown;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one process, shown in Prometheus's format. Names start with {@code dray_}. The registry is made when
 * somebody asks for the first time: until then its 300 classes would cost a process memory and start. Thread-safe.
 */
public final class Meters implements AutoCloseable {
    private static final String PREFIX = "dray_";

    private final List<Shown> shown = new CopyOnWriteArrayList<>();
    private final Map<List<String>, LongAdder> counters = new ConcurrentHashMap<>();
    private final Object lock = new Object();
    private volatile @Nullable MeterPage page;

    /** Makes a set that holds only the JVM's own meters. */
    public Meters() {}

    /** Returns the registry, for what this class does not offer. */
    public PrometheusMeterRegistry registry() {
        return page().registry();
    }

    /**
     * Returns a counter at zero; asking again for the same name and tags returns the same one.
     *
     * @param name for example {@code dray_envelopes_refused}, shown with {@code _total}
     * @param tags keys and values in turn
     */
    public LongAdder counter(String name, String description, String... tags) {
        return counters.computeIfAbsent(List.of(name, String.join("\0", tags)), _ -> {
            LongAdder counter = new LongAdder();
            total(name, description, counter::sum, tags);
            return counter;
        });
    }

    /** Shows a total that is counted elsewhere and only grows; with {@code _total} at the end of its name. */
    public void total(String name, String description, LongSupplier total, String... tags) {
        show(new Shown(checked(name), description, true, total::getAsLong, List.of(tags)));
    }

    /** Shows a figure that goes up and down. */
    public void gauge(String name, String description, DoubleSupplier value, String... tags) {
        show(new Shown(checked(name), description, false, value, List.of(tags)));
    }

    /** Returns the page of /metrics. */
    public String scrape() {
        return page().scrape();
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
        MeterPage made = page;
        if (made != null) {
            made.close();
        }
    }

    /** What comes while the page is made is in the list before the page is looked for, so it is on it. */
    private void show(Shown meter) {
        shown.add(meter);
        MeterPage made = page;
        if (made != null) {
            made.show(meter);
        }
    }

    /** The lock makes whoever asks meanwhile wait for a page with all meters; registering one twice changes nothing. */
    private MeterPage page() {
        synchronized (lock) {
            MeterPage made = page;
            if (made == null) {
                made = new MeterPage();
                page = made;
                shown.forEach(made::show);
            }
            return made;
        }
    }

    private static String checked(String name) {
        if (!name.startsWith(PREFIX)) {
            throw new IllegalArgumentException("meter: " + name + " (expected: a name that starts with dray_)");
        }
        return name;
    }
}
