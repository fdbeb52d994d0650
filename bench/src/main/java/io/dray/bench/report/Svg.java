package io.dray.bench.report;

import java.util.Locale;

/** Writes one inline SVG drawing whose colours come from the page's style sheet. Used by one thread. */
public final class Svg {
    private final StringBuilder text = new StringBuilder();

    /** Opens a drawing; the title is what a screen reader says. */
    Svg(double width, double height, String title) {
        text.append(String.format(
                Locale.ROOT,
                "<svg viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" role=\"img\" aria-label=\"%s\">%n",
                width,
                height,
                width,
                height,
                escape(title)));
    }

    void line(String style, double fromX, double fromY, double toX, double toY) {
        text.append(String.format(
                Locale.ROOT,
                "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n",
                style,
                fromX,
                fromY,
                toX,
                toY));
    }

    /** A word whose anchor is {@code start}, {@code middle} or {@code end}. */
    void word(String style, String anchor, double x, double y, String word) {
        text.append(String.format(
                Locale.ROOT,
                "<text class=\"%s\" text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>%n",
                style,
                anchor,
                x,
                y,
                escape(word)));
    }

    /** A bar that starts at its left edge and says its tip under the pointer. */
    void bar(String style, double x, double y, double width, double height, String tip) {
        text.append(String.format(
                Locale.ROOT,
                "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\"><title>%s</title>"
                        + "</rect>%n",
                style,
                x,
                y,
                width,
                height,
                escape(tip)));
    }

    /** A line through points given as {@code x,y x,y}. */
    void path(String style, String points, String tip) {
        text.append(String.format(
                Locale.ROOT,
                "<polyline class=\"%s\" points=\"%s\"><title>%s</title></polyline>%n",
                style,
                points,
                escape(tip)));
    }

    String close() {
        return text.append("</svg>\n").toString();
    }

    /**
     * Makes a text safe within a page.
     *
     * @param word any text
     * @return it without characters that mean something to a browser
     */
    public static String escape(String word) {
        return word.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
