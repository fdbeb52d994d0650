package io.dray.sidecar.tasks;

import io.dray.router.v1.Assignment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Assignments that may have lain in the stream while this process stood still (SIGSTOP, a host that slept). The router
 * may have given their tasks to others since, and says so behind them: they wait until it has taken a report that was
 * made after the standstill. Control loop only.
 */
final class Backlog {
    /** Far more than a turn of the loop takes, and less than the lease of an attempt. */
    private static final long STANDSTILL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Deque<Assignment> waiting = new ArrayDeque<>();
    private long lookedNanos;
    private boolean doubtful;
    /** The first report since; 0 before it was made. */
    private long report;

    Backlog(long nowNanos) {
        lookedNanos = nowNanos;
    }

    /** Called several times a second, and before each frame; returns whether the loop stood still until now. */
    boolean look(long nowNanos) {
        boolean stoodStill = nowNanos - lookedNanos > STANDSTILL_NANOS;
        lookedNanos = nowNanos;
        if (stoodStill) {
            doubtful = true;
            report = 0;
        }
        return stoodStill;
    }

    void onReport(long number) {
        if (doubtful && report == 0) {
            report = number;
        }
    }

    /** The router took every report up to a number; returns what it still wants done of that which waited. */
    List<Assignment> onTaken(long number) {
        if (!doubtful || report == 0 || number < report) {
            return List.of();
        }
        doubtful = false;
        List<Assignment> valid = new ArrayList<>(waiting);
        waiting.clear();
        return valid;
    }

    /** Keeps an assignment back when it may be old; false when it is not. */
    boolean keep(Assignment assignment) {
        if (doubtful) {
            waiting.add(assignment);
        }
        return doubtful;
    }

    /** The router wants an attempt stopped: it need not begin. */
    void cancel(AttemptKey key) {
        waiting.removeIf(assignment -> AttemptKey.of(assignment.getAttempt()).equals(key));
    }

    /** A new stream brings nothing old, and what waited is assigned again or to others. */
    void onStreamEnded() {
        waiting.clear();
        doubtful = false;
    }
}
