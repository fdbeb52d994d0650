package io.dray.bench.report;

import java.time.Instant;
import java.util.Locale;

/** Where figures come from, as one line of Markdown. Stateless. */
final class Origin {
    private Origin() {}

    /** Command, time, revision and machine, without an end. */
    static String of(String command, Instant started, String revision, Machine machine) {
        return String.format(
                Locale.ROOT,
                "`%s`, %s, revision `%s`, on %s, %d cores, %,d MB, %s, kernel %s, %s",
                command,
                started,
                revision,
                machine.cpu(),
                machine.cores(),
                machine.memoryMb(),
                machine.os(),
                machine.kernel(),
                machine.jvm());
    }
}
