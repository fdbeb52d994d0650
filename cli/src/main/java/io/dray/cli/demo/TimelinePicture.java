package io.dray.cli.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;

/** Draws a {@link Timeline} as inline SVG: a lane for each node, in it a row for each slot. For one thread. */
final class TimelinePicture {
    /** More bars make the page slow and cannot be told from one another: the longest are drawn. */
    static final int MOST_BARS = 5_000;

    private static final int WIDTH = 1280;
    private static final int LEFT = 70;
    private static final int RIGHT = 20;
    private static final int ROW = 13;
    private static final int BAR = 11;
    private static final int LANE_GAP = 12;
    private static final int TOP = 22;
    private static final int AXIS = 30;
    private static final int TICKS = 12;
    private static final double NARROWEST = 1.2;
    private static final double[] STEPS = {1, 2, 5};

    private final Timeline timeline;
    private final double seconds;
    private final Formatter svg = new Formatter(new StringBuilder(), Locale.ROOT);

    private TimelinePicture(Timeline timeline) {
        this.timeline = timeline;
        this.seconds = Math.max(0.001, seconds(timeline.end()));
    }

    /** The bars of one node in rows without overlaps. */
    private record Lane(String node, List<List<Timeline.Bar>> rows) {
        int height() {
            return rows.size() * ROW;
        }
    }

    /** The picture of these nodes, in this order. */
    static String of(Timeline timeline, List<String> nodes) {
        return new TimelinePicture(timeline).draw(nodes);
    }

    private String draw(List<String> nodes) {
        List<Timeline.Bar> shown = timeline.bars().stream()
                .sorted(Comparator.comparing(Timeline.Bar::length).reversed())
                .limit(MOST_BARS)
                .sorted(Comparator.comparing(Timeline.Bar::kind).thenComparing(Timeline.Bar::from))
                .toList();
        List<Lane> lanes = nodes.stream().map(node -> lane(node, shown)).toList();
        int bottom =
                TOP + lanes.stream().mapToInt(lane -> lane.height() + LANE_GAP).sum();
        svg.format(
                "<svg viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\""
                        + " aria-label=\"Which node did what when\">%n",
                WIDTH, bottom + AXIS, WIDTH, bottom + AXIS);
        axis(bottom);
        int top = TOP;
        for (Lane lane : lanes) {
            lane(lane, top);
            top += lane.height() + LANE_GAP;
        }
        for (Chaos.Kill kill : timeline.kills()) {
            if (kill.isOfRouter()) {
                kill("SIGKILL of the router", x(seconds(kill.at())), TOP - BAR - 8, bottom - TOP);
            }
        }
        svg.format("</svg>%n");
        return svg.toString();
    }

    /** The reader has a row of its own; attempts take the first row that is free. */
    private static Lane lane(String node, List<Timeline.Bar> bars) {
        List<List<Timeline.Bar>> rows = new ArrayList<>();
        List<Timeline.Bar> own =
                bars.stream().filter(bar -> bar.node().equals(node)).toList();
        List<Timeline.Bar> reader =
                own.stream().filter(TimelinePicture::isReader).toList();
        if (!reader.isEmpty()) {
            rows.add(reader);
        }
        List<List<Timeline.Bar>> slots = new ArrayList<>();
        own.stream()
                .filter(bar -> !isReader(bar))
                .sorted(Comparator.comparing(Timeline.Bar::from))
                .forEach(bar -> firstFree(slots, bar.from()).add(bar));
        rows.addAll(slots);
        if (rows.isEmpty()) {
            rows.add(List.of());
        }
        return new Lane(node, rows);
    }

    private static boolean isReader(Timeline.Bar bar) {
        return bar.kind() == Timeline.Kind.READS || bar.kind() == Timeline.Kind.SUBMITS;
    }

    private static List<Timeline.Bar> firstFree(List<List<Timeline.Bar>> rows, Instant from) {
        for (List<Timeline.Bar> row : rows) {
            if (!row.getLast().to().isAfter(from)) {
                return row;
            }
        }
        rows.add(new ArrayList<>());
        return rows.getLast();
    }

    private void axis(int bottom) {
        double step = step();
        int digits = step < 0.1 ? 2 : step < 1 ? 1 : 0;
        for (int i = 0; i * step <= seconds; i++) {
            double x = x(i * step);
            svg.format("<line class=\"grid\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>%n", x, TOP - 6, x, bottom);
            svg.format(
                    "<text class=\"tick\" text-anchor=\"middle\" x=\"%.1f\" y=\"%d\">%s s</text>%n",
                    x, bottom + 16, String.format(Locale.ROOT, "%." + digits + "f", i * step));
        }
    }

    private double step() {
        double step = 0.01;
        for (double ten = 0.01; seconds / step > TICKS; ten *= 10) {
            for (double one : STEPS) {
                step = one * ten;
                if (seconds / step <= TICKS) {
                    break;
                }
            }
        }
        return step;
    }

    private void lane(Lane lane, int top) {
        svg.format("<text x=\"0\" y=\"%d\">%s</text>%n", top + BAR, Markup.name(lane.node()));
        svg.format(
                "<rect class=\"lane\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>%n",
                LEFT, top - 2, WIDTH - LEFT - RIGHT, lane.height() + 2);
        for (int row = 0; row < lane.rows().size(); row++) {
            for (Timeline.Bar bar : lane.rows().get(row)) {
                bar(bar, top + row * ROW);
            }
        }
        for (Chaos.Kill kill : timeline.kills()) {
            if (kill.node().equals(lane.node())) {
                kill("SIGKILL", x(seconds(kill.at())), top, lane.height());
            }
        }
    }

    private void bar(Timeline.Bar bar, int y) {
        double x = x(seconds(bar.from()));
        double width = Math.max(NARROWEST, x(seconds(bar.to())) - x - 0.4);
        svg.format(
                "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"><title>%s, %,d ms from %.2f"
                        + " s</title></rect>%n",
                style(bar.kind()),
                x,
                y,
                width,
                BAR,
                Markup.name(bar.what()),
                bar.length().toMillis(),
                seconds(bar.from()));
    }

    private void kill(String text, double x, int top, int height) {
        svg.format("<line class=\"kill\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>%n", x, top - 6, x, top + height);
        boolean isLate = x > WIDTH - 2 * LEFT;
        svg.format(
                "<text class=\"kill\" text-anchor=\"%s\" x=\"%.1f\" y=\"%d\">%s</text>%n",
                isLate ? "end" : "start", isLate ? x - 4 : x + 4, top - 1 + BAR, text);
    }

    /** The class by which the style sheet colours a kind. */
    static String style(Timeline.Kind kind) {
        return "k-" + kind.name().toLowerCase(Locale.ROOT);
    }

    private double seconds(Instant at) {
        return Duration.between(timeline.begin(), at).toNanos() / 1e9;
    }

    private double x(double second) {
        return LEFT + Math.clamp(second / seconds, 0, 1) * (WIDTH - LEFT - RIGHT);
    }
}
