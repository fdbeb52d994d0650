package io.dray.cli.output;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Optional;

/**
 * Where a command reads and writes; injected so that tests can read along. Thread-safe as the streams are.
 *
 * @param interactive whether a person looks at it: progress may be redrawn
 */
public record Console(PrintStream out, PrintStream err, InputStream in, boolean interactive) {
    /** The process's own streams. */
    public static Console ofThisProcess() {
        boolean interactive = Optional.ofNullable(System.console())
                .filter(java.io.Console::isTerminal)
                .isPresent();
        return new Console(System.out, System.err, System.in, interactive);
    }
}
