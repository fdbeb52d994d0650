package io.dray.bench.report;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Thrown for a file that is not there or holds no report; its message names the file and what was expected. */
public final class UnreadableReportException extends IOException {
    private static final long serialVersionUID = 1L;

    UnreadableReportException(Path file, String problem, @Nullable Throwable cause) {
        super(file + " " + problem + " (expected: a file that `dray bench run --json` wrote)", cause);
    }
}
