package io.dray.bench.report;

/**
 * A text of which the part between two marks is made by a command and the rest by people.
 *
 * @param begin the line before the part
 * @param end the line after it
 */
public record MarkedPart(String begin, String end) {
    /**
     * Returns the marks of a command.
     *
     * @param command the words after {@code ./dray bench}
     * @return both lines
     */
    public static MarkedPart of(String command) {
        return new MarkedPart(
                "<!-- begin: made by `./dray bench " + command + "` from bench/results; edits here are lost -->",
                "<!-- end: made by `./dray bench " + command + "` -->");
    }

    /**
     * The text around the part.
     *
     * @param before all up to the part
     * @param after all behind it
     */
    public record Around(String before, String after) {
        /**
         * Puts a part in.
         *
         * @param made the new part
         * @return the whole text
         */
        public String with(String made) {
            return before + made + after;
        }
    }

    /**
     * Finds the marks.
     *
     * @param text a whole file
     * @return what is around the part
     * @throws IllegalArgumentException unless each mark stands there once, in order
     */
    public Around in(String text) {
        int from = text.indexOf(begin + "\n");
        int to = text.indexOf(end);
        if (from < 0 || to < from || text.indexOf(begin, from + 1) >= 0 || text.indexOf(end, to + 1) >= 0) {
            throw new IllegalArgumentException(
                    "has no part to fill (expected: one line '" + begin + "' and after it one line '" + end + "')");
        }
        return new Around(text.substring(0, from + begin.length() + 1), text.substring(to));
    }
}
