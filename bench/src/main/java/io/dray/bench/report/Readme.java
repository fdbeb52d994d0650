package io.dray.bench.report;

/** A README of which one marked part is made by a command and the rest by people. */
final class Readme {
    static final String BEGIN = "<!-- begin: made by `./dray bench tables` from bench/results; edits here are lost -->";
    static final String END = "<!-- end: made by `./dray bench tables` -->";

    private final String before;
    private final String after;

    private Readme(String before, String after) {
        this.before = before;
        this.after = after;
    }

    /**
     * Finds the marks.
     *
     * @throws IllegalArgumentException unless each stands there once, in order
     */
    static Readme parse(String text) {
        int begin = text.indexOf(BEGIN + "\n");
        int end = text.indexOf(END);
        if (begin < 0 || end < begin || text.indexOf(BEGIN, begin + 1) >= 0 || text.indexOf(END, end + 1) >= 0) {
            throw new IllegalArgumentException(
                    "has no part to fill (expected: one line '" + BEGIN + "' and after it one line '" + END + "')");
        }
        return new Readme(text.substring(0, begin + BEGIN.length() + 1), text.substring(end));
    }

    String with(String made) {
        return before + made + after;
    }
}
