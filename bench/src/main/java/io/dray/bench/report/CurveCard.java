package io.dray.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Latency over percentiles of all contenders under one workload; both axes logarithmic, so that tails are seen. */
final class CurveCard {
    private static final int WIDTH = 520;
    private static final int HEIGHT = 250;
    private static final int LEFT = 58;
    private static final int RIGHT = 14;
    private static final int TOP = 10;
    private static final int BOTTOM = 28;
    private static final double FIRST = 10;
    private static final double LAST = 99.999;
    private static final double[] TICKS = {50, 90, 99, 99.9, 99.99, 99.999};

    private final TimeAxis axis;

    private CurveCard(TimeAxis axis) {
        this.axis = axis;
    }

    static boolean shows(Row row) {
        return row.trail().percentiles().stream().anyMatch(CurveCard::shows);
    }

    static String draw(List<Row> rows, Palette palette, String title) {
        List<Row> shown = rows.stream().filter(CurveCard::shows).toList();
        CurveCard card = new CurveCard(TimeAxis.over(shown.stream()
                .flatMap(row -> row.trail().percentiles().stream())
                .filter(CurveCard::shows)
                .mapToDouble(Percentile::us)
                .toArray()));
        Svg svg = new Svg(WIDTH, HEIGHT, title);
        card.axes(svg);
        shown.forEach(row -> card.curve(svg, row, palette));
        return svg.close() + legend(shown, palette);
    }

    private static boolean shows(Percentile point) {
        return point.percentile() >= FIRST && point.percentile() <= LAST;
    }

    private void axes(Svg svg) {
        for (double tick : axis.ticks()) {
            svg.line("grid", LEFT, y(tick), WIDTH - RIGHT, y(tick));
            svg.word("tick", "end", LEFT - 6, y(tick) + 4, TimeAxis.name(tick));
        }
        for (double tick : TICKS) {
            svg.line("grid", x(tick), TOP, x(tick), HEIGHT - BOTTOM);
            svg.word("tick", tick == LAST ? "end" : "middle", x(tick), HEIGHT - BOTTOM + 16, tickName(tick));
        }
    }

    private void curve(Svg svg, Row row, Palette palette) {
        String points = row.trail().percentiles().stream()
                .filter(CurveCard::shows)
                .map(point -> String.format(Locale.ROOT, "%.1f,%.1f", x(point.percentile()), y(point.us())))
                .collect(Collectors.joining(" "));
        svg.path(
                "curve " + palette.stroke(row.contender()),
                points,
                row.contender().title());
    }

    private static String legend(List<Row> rows, Palette palette) {
        return rows.stream()
                .map(row -> String.format(
                        Locale.ROOT,
                        "<li><svg width=\"26\" height=\"10\" aria-hidden=\"true\"><line class=\"curve %s\" x1=\"1\" y1=\"5\""
                                + " x2=\"25\" y2=\"5\"/></svg>%s</li>",
                        palette.stroke(row.contender()),
                        Svg.escape(row.contender().title())))
                .collect(Collectors.joining("", "<ul class=\"legend\">", "</ul>\n"));
    }

    /** Each step to the right leaves a tenth of the messages that were left. */
    private static double x(double percentile) {
        double nines = -Math.log10(1 - Math.min(percentile, LAST) / 100);
        return LEFT + nines / -Math.log10(1 - LAST / 100) * (WIDTH - LEFT - RIGHT);
    }

    private double y(double us) {
        return HEIGHT - BOTTOM - axis.share(us) * (HEIGHT - BOTTOM - TOP);
    }

    private static String tickName(double percentile) {
        return percentile == Math.rint(percentile) ? String.format(Locale.ROOT, "P%.0f", percentile) : "P" + percentile;
    }
}
