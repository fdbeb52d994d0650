package io.dray.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * One figure of a row that two reports are compared by.
 *
 * @param name as in the JSON; memory has its process behind it
 * @param higherIsBetter which way is a regression
 * @param margin how much worse it may be, whatever was asked for
 * @param value of one window; null where it was not measured
 */
record ComparedFigure(String name, boolean higherIsBetter, Margin margin, Median.Figure<WindowRow> value) {
    /** A second run of the same code differs by less. */
    private static final Margin PLAIN = new Margin(0, 0);

    /** What a full queue holds follows from who is slower at the moment. */
    private static final Margin QUEUEING = new Margin(0.25, 0);

    /** The slowest thousandth: in a window of some seconds at 1,000/s that is a handful of messages. */
    private static final Margin TAIL = new Margin(0.5, 0);

    /** Windows of a run share its processes, so their ranges do not show how much two runs differ. */
    private static final Margin MEMORY = new Margin(0.1, 8);

    /**
     * What may be noise.
     *
     * @param share of the old median
     * @param amount in the figure's unit
     */
    record Margin(double share, double amount) {}

    /** The figures that two rows may have in common. */
    static List<ComparedFigure> of(Row before, Row after) {
        List<ComparedFigure> figures = new ArrayList<>();
        figures.add(new ComparedFigure(
                "throughput_per_s", true, PLAIN, window -> window.figures().throughputPerS()));
        figures.add(lower("p50_us", PLAIN, window -> window.figures().p50Us()));
        figures.add(lower("p99_us", PLAIN, window -> window.figures().p99Us()));
        figures.add(lower("p999_us", TAIL, window -> window.figures().p999Us()));
        figures.add(
                lower("queueing_p50_us", QUEUEING, window -> window.figures().queueingP50Us()));
        figures.add(
                lower("queueing_p99_us", QUEUEING, window -> window.figures().queueingP99Us()));
        figures.add(lower("cpu_us_per_message", PLAIN, window -> window.cost().cpuUsPerMessage()));
        figures.add(
                lower("wire_bytes_per_message", PLAIN, window -> window.cost().wireBytesPerMessage()));
        TreeSet<String> processes = new TreeSet<>(before.cost().rssMb().keySet());
        processes.retainAll(after.cost().rssMb().keySet());
        processes.forEach(process -> figures.add(lower(
                "rss_mb " + process, MEMORY, window -> window.cost().rssMb().get(process))));
        return figures;
    }

    /** Whether two medians differ by more than was asked for and by more than this figure's own noise. */
    boolean differs(double from, double to, double relative, double threshold) {
        return Math.abs(relative) > Math.max(threshold, margin.share()) && Math.abs(to - from) > margin.amount();
    }

    private static ComparedFigure lower(String name, Margin margin, Median.Figure<WindowRow> value) {
        return new ComparedFigure(name, false, margin, value);
    }
}
