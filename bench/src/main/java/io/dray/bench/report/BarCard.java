package io.dray.bench.report;

import java.util.List;
import java.util.function.DoubleFunction;

/**
 * Bars of all contenders under one workload, each with a whisker from its windows' least to their greatest.
 *
 * @param value of a row; not positive means that there is no bar
 * @param range the least and greatest over the row's windows
 * @param label how a value is written
 */
record BarCard(Value value, Whisker range, DoubleFunction<String> label) {
    private static final int WIDTH = 520;
    private static final int NAMES = 190;
    private static final int LABELS = 76;
    private static final int STEP = 24;
    private static final int BAR = 14;

    /** One figure of a row. */
    interface Value {
        double of(Row row);
    }

    /** The range of that figure over the windows of a row. */
    interface Whisker {
        Range of(Row row);
    }

    static final BarCard THROUGHPUT = new BarCard(
            row -> row.figures().throughputPerS(),
            row -> new Range(
                    row.spread().min().throughputPerS(),
                    row.figures().throughputPerS(),
                    row.spread().max().throughputPerS()),
            value -> Numbers.rate(value) + "/s");

    static final BarCard CPU = new BarCard(
            row -> row.cost().cpuUsPerMessage(),
            row -> new Range(
                    row.spread().min().cpuUsPerMessage(),
                    row.cost().cpuUsPerMessage(),
                    row.spread().max().cpuUsPerMessage()),
            value -> Numbers.plain(value) + " us");

    boolean shows(Row row) {
        return row.figures().throughputPerS() > 0 && value.of(row) > 0;
    }

    String draw(List<Row> rows, Palette palette, String title) {
        List<Row> shown = rows.stream().filter(this::shows).toList();
        double most = shown.stream()
                .mapToDouble(row -> Math.max(value.of(row), range.of(row).max()))
                .max()
                .orElse(1);
        double scale = (WIDTH - NAMES - LABELS) / most;
        Svg svg = new Svg(WIDTH, shown.size() * STEP + 4, title);
        for (int i = 0; i < shown.size(); i++) {
            draw(svg, shown.get(i), palette, i * STEP + 4, scale);
        }
        return svg.close();
    }

    private void draw(Svg svg, Row row, Palette palette, double top, double scale) {
        Range seen = range.of(row);
        double middle = top + BAR / 2.0;
        String tip = row.contender().title() + ": median " + label.apply(seen.median()) + ", " + label.apply(seen.min())
                + " to " + label.apply(seen.max());
        svg.word("name", "end", NAMES - 8, middle + 4, row.contender().title());
        svg.bar(palette.fill(row.contender()), NAMES, top, Math.max(1, seen.median() * scale), BAR, tip);
        svg.line("whisker", NAMES + seen.min() * scale, middle, NAMES + seen.max() * scale, middle);
        svg.line("whisker", NAMES + seen.min() * scale, middle - 3, NAMES + seen.min() * scale, middle + 3);
        svg.line("whisker", NAMES + seen.max() * scale, middle - 3, NAMES + seen.max() * scale, middle + 3);
        double end = NAMES + Math.max(seen.median(), seen.max()) * scale;
        svg.word("value", "start", end + 6, middle + 4, label.apply(seen.median()) + (row.noisy() ? " ~" : ""));
    }
}
