package io.dray.bench.report;

import java.util.List;

/**
 * What the ledgers of {@code bench crash} say of one kind of work.
 *
 * @param suite messages or tasks
 * @param sent what the sending side began
 * @param acknowledged what the mesh answered for: DONE of a message, the commit of a task
 * @param settled what the sending side was told to be done
 * @param refused what the sending side was told to have failed
 * @param lost acknowledged, or held by a sender that lived to the end, yet never finished by a handler
 * @param duplicated started again after it was recorded as done, or one key with two tasks
 * @param late began after a newer attempt's outcome was accepted, under an older token: its process had been stopped in
 *     between, and its own outcome is refused
 * @param redelivered started again before it was recorded as done
 * @param unsettled of senders that lived to the end: neither done nor refused
 * @param examples keys behind the bad figures, at most ten
 */
public record Verdict(
        String suite,
        long sent,
        long acknowledged,
        long settled,
        long refused,
        long lost,
        long duplicated,
        long late,
        long redelivered,
        long unsettled,
        List<String> examples) {

    /** Copies the examples. */
    public Verdict {
        examples = List.copyOf(examples);
    }

    /** Whether something was done, nothing was lost and no task was done again. Messages may come again. */
    boolean isKept() {
        boolean twice = suite.equals("tasks") && duplicated > 0;
        return lost == 0 && !twice && sent > 0 && settled > 0;
    }
}
