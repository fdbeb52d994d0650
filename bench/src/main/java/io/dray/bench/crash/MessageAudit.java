package io.dray.bench.crash;

import io.dray.bench.report.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Judges AT_LEAST_ONCE messages by their ledgers: what a sender holds it sends again until DONE. */
final class MessageAudit {
    static final String PREFIX = "m";
    private static final int EXAMPLES = 10;

    private MessageAudit() {}

    static Verdict judge(Lives all) {
        Collection<Life> lives = all.of(PREFIX);
        List<String> examples = new ArrayList<>();
        long settled = 0;
        long refused = 0;
        long lost = 0;
        long duplicated = 0;
        long redelivered = 0;
        long unsettled = 0;
        for (Life life : lives) {
            boolean held = all.isOfSurvivor(life) && life.refusal.isEmpty();
            settled += life.isSettled() ? 1 : 0;
            refused += life.refusal.isEmpty() ? 0 : 1;
            unsettled += held && !life.isSettled() ? 1 : 0;
            boolean missing = (life.isSettled() || held) && !life.finished;
            lost += missing ? 1 : 0;
            long late = life.startsAfter(life.settledMicros).size();
            duplicated += late;
            redelivered += Math.max(0, life.starts.size() - 1 - late);
            if (examples.size() < EXAMPLES && (missing || late > 0 || !life.refusal.isEmpty())) {
                examples.add(life.key + (missing ? " lost" : late > 0 ? " duplicated" : " refused: " + life.refusal));
            }
        }
        return new Verdict(
                "messages",
                lives.size(),
                settled,
                settled,
                refused,
                lost,
                duplicated,
                0,
                redelivered,
                unsettled,
                examples);
    }
}
