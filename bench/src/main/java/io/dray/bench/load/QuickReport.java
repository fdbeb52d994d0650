package io.dray.bench.load;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Windows of all systems and kinds of load, as a table and as JSON. Used by one thread. */
public final class QuickReport {
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final String ROW = "%-14s %-14s %12s %12s %12s %9s %9s %8s %8s %8s %7s%n";

    private final Map<Load, Map<String, List<Window>>> windows = new LinkedHashMap<>();

    /**
     * Adds one window.
     *
     * @param load its kind
     * @param system whose it is; the first one of a kind is the base of ratios
     * @param window its figures
     */
    public void add(Load load, String system, Window window) {
        windows.computeIfAbsent(load, _ -> new LinkedHashMap<>())
                .computeIfAbsent(system, _ -> new ArrayList<>())
                .add(window);
    }

    /**
     * Returns how one system's median rate stands to another's.
     *
     * @param load the kind of load
     * @param system whose rate
     * @param base divided by whose
     * @return the ratio; NaN when one was not measured
     */
    public double ratio(Load load, String system, String base) {
        return medianRate(load, system) / medianRate(load, base);
    }

    /**
     * Returns what failed in all windows.
     *
     * @return how many requests had no reply
     */
    public long failures() {
        return windows.values().stream()
                .flatMap(systems -> systems.values().stream())
                .flatMap(List::stream)
                .mapToLong(Window::failures)
                .sum();
    }

    /**
     * Prints one row per system and kind.
     *
     * @param out where to
     */
    public void print(PrintStream out) {
        out.printf(
                ROW,
                "load",
                "system",
                "median/s",
                "min/s",
                "max/s",
                "P50 us",
                "P99 us",
                "server",
                "agents",
                "foreign",
                "ratio");
        windows.forEach((load, systems) -> systems.forEach((system, list) -> printRow(out, load, system, list)));
        out.println("server, agents, foreign: cores in use (median); ratio: median rate against the row below");
        windows.values().forEach(systems -> systems.forEach((system, list) -> printFailures(out, system, list)));
    }

    /**
     * Writes all windows.
     *
     * @param file where to
     * @throws IOException when it cannot be written
     */
    public void write(Path file) throws IOException {
        Map<String, Object> root = new LinkedHashMap<>();
        windows.forEach((load, systems) -> root.put(load.label(), systems));
        Files.writeString(file, JSON.writeValueAsString(root));
    }

    private void printRow(PrintStream out, Load load, String system, List<Window> list) {
        double[] rates = sorted(list, Window::perSecond);
        String base = windows.getOrDefault(load, Map.of()).keySet().stream()
                .filter(other -> !other.equals(system) && other.equals("nats"))
                .findFirst()
                .orElse("");
        out.printf(
                ROW,
                load.label(),
                system,
                whole(rates[rates.length / 2]),
                whole(rates[0]),
                whole(rates[rates.length - 1]),
                whole(median(list, Window::p50Micros)),
                whole(median(list, Window::p99Micros)),
                fraction(median(list, Window::serverCpu)),
                fraction(median(list, Window::agentsCpu)),
                fraction(median(list, Window::foreignCpu)),
                base.isEmpty() ? "" : fraction(ratio(load, system, base)));
    }

    private static void printFailures(PrintStream out, String system, List<Window> list) {
        for (Window window : list) {
            if (window.failures() > 0) {
                out.println(system + ": " + window.failures() + " failed, the first with " + window.firstFailure());
            }
        }
    }

    private double medianRate(Load load, String system) {
        List<Window> list = windows.getOrDefault(load, Map.of()).getOrDefault(system, List.of());
        return list.isEmpty() ? Double.NaN : median(list, Window::perSecond);
    }

    private static double median(List<Window> list, ToDoubleFunction<Window> figure) {
        double[] values = sorted(list, figure);
        return values[values.length / 2];
    }

    private static double[] sorted(List<Window> list, ToDoubleFunction<Window> figure) {
        double[] values = list.stream().mapToDouble(figure).toArray();
        Arrays.sort(values);
        return values;
    }

    private static String whole(double value) {
        return String.format("%,.0f", value);
    }

    private static String fraction(double value) {
        return String.format("%.2f", value);
    }
}
