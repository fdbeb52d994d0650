package io.dray.cli;

import io.dray.cli.output.Durations;
import java.time.Duration;
import picocli.CommandLine.Option;

/** {@code --timeout} of a command that has a default deadline. */
final class TimeoutOption {
    /** So much longer than the mesh's own deadline does a command wait for the answer that says so. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "Deadline, such as 500ms or 2m (default: 30s).")
    private Duration timeout = Duration.ofSeconds(30);

    /** The deadline that is put into the request. */
    Duration timeout() {
        return timeout;
    }

    /** The deadline of the call itself. */
    Duration patience() {
        return timeout.plus(GRACE);
    }
}
