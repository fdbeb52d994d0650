package io.dray.bench.messaging;

import io.dray.bench.load.Result;
import io.dray.bench.report.Contender;
import io.dray.bench.report.WindowRow;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Tells people what is being measured and what broke. Used by one thread. */
public final class Progress {
    private final PrintStream out;
    private final long started = System.nanoTime();
    private String scenario = "";
    private int failures;

    /**
     * Tells to a stream.
     *
     * @param out where people look
     */
    public Progress(PrintStream out) {
        this.out = out;
    }

    /**
     * Begins a scenario.
     *
     * @param name of it
     * @param what it is
     * @param number of this one
     * @param of how many
     */
    public void begin(String name, String what, int number, int of) {
        scenario = name;
        out.printf(Locale.ROOT, "%s [%d/%d] %s: %s%n", elapsed(), number, of, scenario, what);
    }

    /**
     * Tells what a contender does.
     *
     * @param contender which
     * @param what in a few words
     */
    public void say(Contender contender, String what) {
        out.printf(Locale.ROOT, "%s   %s %s%n", elapsed(), name(contender), what);
    }

    /**
     * Tells what a window saw, what broke and what came again.
     *
     * @param contender whose
     * @param window what was measured
     * @param result what it was measured from
     */
    public void window(Contender contender, WindowRow window, Result result) {
        String again = result.duplicates() == 0 ? "" : "  " + result.duplicates() + " came again";
        tell(contender, window, again + (result.firstFailure().isEmpty() ? "" : "  FAILED: " + result.firstFailure()));
    }

    /**
     * Tells what a window saw in which nothing broke.
     *
     * @param contender whose
     * @param window what was measured
     */
    public void window(Contender contender, WindowRow window) {
        tell(contender, window, "");
    }

    private void tell(Contender contender, WindowRow window, String faults) {
        Double p50 = window.figures().p50Us();
        Double queueing = window.figures().queueingP50Us();
        out.printf(
                Locale.ROOT,
                "%s   %-28s %,12.0f/s  P50 %,.0f us  foreign %.2f cores%s%s%n",
                elapsed(),
                name(contender),
                window.figures().throughputPerS(),
                p50 != null ? p50 : queueing != null ? queueing : 0.0,
                window.foreignCpu(),
                window.noisy() ? " (noisy)" : "",
                faults);
    }

    /**
     * Tells and counts a contender that broke.
     *
     * @param contender which
     * @param cause why
     */
    public void failed(Contender contender, Exception cause) {
        failures++;
        say(contender, "FAILED under " + scenario + ": " + cause.getMessage());
    }

    /**
     * Returns how many contenders could not be measured.
     *
     * @return 0 when all could
     */
    public int failures() {
        return failures;
    }

    private String elapsed() {
        Duration time = Duration.ofNanos(System.nanoTime() - started);
        return String.format(Locale.ROOT, "%2d:%02d", time.toMinutes(), time.toSecondsPart());
    }

    private static String name(Contender contender) {
        return contender.system() + " " + contender.path() + " " + contender.transport();
    }
}
