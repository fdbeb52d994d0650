package io.dray.cli.output;

import java.io.PrintStream;
import java.util.Locale;

/**
 * Tells how far a job is: redraws one line for a person, prints a line now and then to anything else. Not thread-safe.
 */
public final class ProgressBar {
    private static final int WIDTH = 40;
    private static final long QUIET_NANOS = 2_000_000_000L;

    private final PrintStream out;
    private final boolean interactive;
    private String shown = "";
    private long printedAt = System.nanoTime() - QUIET_NANOS;

    /** Writes where the console's errors go, so that the output stays the result alone. */
    public ProgressBar(Console console) {
        this.out = console.err();
        this.interactive = console.interactive();
    }

    /** Shows that {@code done} of {@code all} are done. */
    public void show(String what, long done, long all) {
        int filled = all == 0 ? 0 : (int) (WIDTH * Math.min(done, all) / all);
        if (interactive) {
            redraw(String.format(
                    Locale.ROOT,
                    "%-10s [%s%s] %,d/%,d",
                    what,
                    "#".repeat(filled),
                    ".".repeat(WIDTH - filled),
                    done,
                    all));
            return;
        }
        String line = String.format(Locale.ROOT, "%s %,d/%,d", what, done, all);
        long now = System.nanoTime();
        if (!line.equals(shown) && (now - printedAt >= QUIET_NANOS || done == all)) {
            out.println(line);
            shown = line;
            printedAt = now;
        }
    }

    /** Prints a line of its own above the bar. */
    public void note(String line) {
        if (interactive && !shown.isEmpty()) {
            out.print("\r" + " ".repeat(shown.length()) + "\r");
        }
        out.println(line);
        if (interactive && !shown.isEmpty()) {
            out.print(shown);
            out.flush();
        }
    }

    /** Leaves the bar as it is and goes on below it. */
    public void end() {
        if (interactive && !shown.isEmpty()) {
            out.println();
        }
        shown = "";
    }

    private void redraw(String line) {
        if (line.equals(shown)) {
            return;
        }
        out.print("\r" + line + " ".repeat(Math.max(0, shown.length() - line.length())));
        out.flush();
        shown = line;
    }
}
