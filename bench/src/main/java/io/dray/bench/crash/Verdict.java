package io.dray.bench.crash;

import java.util.List;

/**
 * What the ledgers say of one kind of work.
 *
 * @param suite messages or tasks
 * @param sent what the sending side began
 * @param acknowledged what the mesh answered for: DONE of a message, the commit of a task
 * @param settled what the sending side was told to be done
 * @param refused what the sending side was told to have failed
 * @param lost acknowledged, or held by a sender that lived to the end, yet never finished by a handler
 * @param duplicated started again after it was recorded as done, or one key with two tasks
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
        long redelivered,
        long unsettled,
        List<String> examples) {}
