package io.dray.cli.output;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Optional;
import picocli.CommandLine.Help.Ansi;

/**
 * Where a command reads and writes; injected so that tests can read along. Thread-safe as the streams are.
 *
 * @param interactive whether a person looks at it: progress may be redrawn
 */
public record Console(PrintStream out, PrintStream err, InputStream in, boolean interactive) {
    /** How the system says that the reader of a pipe is gone; head and the like go early on purpose. */
    private static final String READER_GONE = "Broken pipe";

    /** The process's own streams. */
    public static Console ofThisProcess() {
        boolean interactive = Optional.ofNullable(System.console())
                .filter(java.io.Console::isTerminal)
                .isPresent();
        return new Console(watched(), System.err, System.in, interactive);
    }

    /** The same for a server, which draws no progress: nobody asks whether a person looks at it. */
    public static Console ofServer() {
        return new Console(watched(), System.err, System.in, false);
    }

    /** Whether a person looks at it who wants colours: {@code NO_COLOR} and the like turn them off. */
    public boolean isColoured() {
        return interactive && Ansi.AUTO.enabled();
    }

    /** Returns a text as it is to be printed: in its colour where {@link #isColoured}. */
    public String coloured(Tone tone, String text) {
        return isColoured() ? tone.colour(text) : text;
    }

    private static PrintStream watched() {
        var out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
        return new WatchedOutput(out, System.out.charset());
    }

    /**
     * Makes sure that the output was written.
     *
     * @throws CommandException FAILED if some of it is lost; without words if its reader went away, which is its right
     */
    public void checkWritten() {
        if (out instanceof WatchedOutput watched) {
            watched.failure().ifPresent(failure -> {
                throw new CommandException(ExitCode.FAILED, explain(failure), failure);
            });
        }
    }

    private static String explain(IOException failure) {
        String reason = String.valueOf(failure.getMessage());
        return reason.contains(READER_GONE)
                ? ""
                : "Standard output could not be written: " + reason
                        + " (expected: an open file or pipe with room; the command itself may have been done)";
    }
}
