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
    private static final int TOP = 24;
    private static final int BOTTOM = 44;
    private static final double FIRST = 10;
    private static final double LAST = 99.999;
    private static final double SHORTEST = 90;

    /** Of fewer messages beyond it a percentile tells of these and of no others. */
    private static final double LEAST_BEYOND = 5;

    private static final double[] TICKS = {50, 90, 99, 99.9, 99.99, 99.999};

    private final TimeAxis axis;
    private final double last;

    private CurveCard(List<Percentile> points) {
        axis = TimeAxis.over(points.stream().mapToDouble(Percentile::us).toArray());
        last = points.stream().mapToDouble(Percentile::percentile).max().orElse(SHORTEST);
    }

    static boolean shows(Row row) {
        return points(row).size() > 1;
    }

    static String draw(List<Row> rows, Palette palette, String title) {
        List<Row> shown = rows.stream().filter(CurveCard::shows).toList();
        CurveCard card = new CurveCard(
                shown.stream().flatMap(row -> points(row).stream()).toList());
        Svg svg = new Svg(WIDTH, HEIGHT, title);
        card.axes(svg);
        shown.forEach(row -> card.curve(svg, row, palette));
        return svg.close() + legend(shown, palette);
    }

    /** The part of a row's curve that its messages are enough for. */
    static List<Percentile> points(Row row) {
        double messages = row.windows().stream()
                .mapToDouble(window -> window.figures().throughputPerS() * window.seconds())
                .sum();
        return row.trail().percentiles().stream()
                .filter(point -> point.percentile() >= FIRST && point.percentile() <= LAST)
                .filter(point -> messages * (1 - point.percentile() / 100) >= LEAST_BEYOND)
                .toList();
    }

    private void axes(Svg svg) {
        for (double tick : axis.ticks()) {
            svg.line("grid", LEFT, y(tick), WIDTH - RIGHT, y(tick));
            svg.word("tick", "end", LEFT - 6, y(tick) + 4, TimeAxis.name(tick));
        }
        for (double tick : TICKS) {
            if (tick <= last) {
                svg.line("grid", x(tick), TOP, x(tick), HEIGHT - BOTTOM);
                svg.word("tick", tick == last ? "end" : "middle", x(tick), HEIGHT - BOTTOM + 16, tickName(tick));
            }
        }
        svg.word("tick", "start", 0, 12, "latency (logarithmic)");
        svg.word("tick", "end", WIDTH - RIGHT, HEIGHT - 6, "percentile (logarithmic: each step leaves a tenth)");
    }

    private void curve(Svg svg, Row row, Palette palette) {
        String points = points(row).stream()
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
    private double x(double percentile) {
        double nines = -Math.log10(1 - Math.min(percentile, last) / 100);
        return LEFT + nines / -Math.log10(1 - last / 100) * (WIDTH - LEFT - RIGHT);
    }

    private double y(double us) {
        return HEIGHT - BOTTOM - axis.share(us) * (HEIGHT - BOTTOM - TOP);
    }

    private static String tickName(double percentile) {
        return percentile == Math.rint(percentile) ? String.format(Locale.ROOT, "P%.0f", percentile) : "P" + percentile;
    }
}
