package io.dray.bench.crash;

import java.time.Duration;

/** What is done to a process. */
enum Fault {
    /** SIGKILL, and started again a moment later. */
    KILL("killed", Duration.ZERO),
    /** SIGSTOP for less than a task's lease, then SIGCONT. */
    SHORT_STOP("stopped 3 s", Duration.ofSeconds(3)),
    /** SIGSTOP for longer than a task's lease, then SIGCONT: it goes on with what others have been given since. */
    LONG_STOP("stopped 8 s", Duration.ofSeconds(8));

    private final String word;
    private final Duration stopped;

    Fault(String word, Duration stopped) {
        this.word = word;
        this.stopped = stopped;
    }

    /** As people and reports call it. */
    String word() {
        return word;
    }

    /** How long the process stands still; zero when it is killed. */
    Duration stopped() {
        return stopped;
    }
}
