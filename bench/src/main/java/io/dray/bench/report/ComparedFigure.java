package io.dray.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * One figure of a row that two reports are compared by.
 *
 * @param name as in the JSON; memory has its process behind it
 * @param higherIsBetter which way is a regression
 * @param value of one window; null where it was not measured
 */
record ComparedFigure(String name, boolean higherIsBetter, Median.Figure<WindowRow> value) {

    /** The figures that two rows may have in common. */
    static List<ComparedFigure> of(Row before, Row after) {
        List<ComparedFigure> figures = new ArrayList<>();
        figures.add(new ComparedFigure(
                "throughput_per_s", true, window -> window.figures().throughputPerS()));
        figures.add(lower("p50_us", window -> window.figures().p50Us()));
        figures.add(lower("p99_us", window -> window.figures().p99Us()));
        figures.add(lower("cpu_us_per_message", window -> window.cost().cpuUsPerMessage()));
        figures.add(lower("wire_bytes_per_message", window -> window.cost().wireBytesPerMessage()));
        TreeSet<String> processes = new TreeSet<>(before.cost().rssMb().keySet());
        processes.retainAll(after.cost().rssMb().keySet());
        processes.forEach(process -> figures.add(
                lower("rss_mb " + process, window -> window.cost().rssMb().get(process))));
        return figures;
    }

    private static ComparedFigure lower(String name, Median.Figure<WindowRow> value) {
        return new ComparedFigure(name, false, value);
    }
}
