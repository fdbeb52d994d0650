package io.dray.bench.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Judges AT_LEAST_ONCE messages by their ledgers: what a sender holds it sends again until DONE. */
final class MessageAudit {
    static final String PREFIX = "m";
    private static final int EXAMPLES = 10;

    private MessageAudit() {}

    static Verdict judge(List<Entry> entries) {
        Map<String, Life> lives = Life.of(entries, PREFIX);
        Set<String> survivors = Life.survivors(entries);
        List<String> examples = new ArrayList<>();
        long settled = 0;
        long refused = 0;
        long lost = 0;
        long duplicated = 0;
        long redelivered = 0;
        long unsettled = 0;
        for (Life life : lives.values()) {
            boolean held = life.isOf(survivors) && life.refusal.isEmpty();
            settled += life.isSettled() ? 1 : 0;
            refused += life.refusal.isEmpty() ? 0 : 1;
            unsettled += held && !life.isSettled() ? 1 : 0;
            boolean missing = (life.isSettled() || held) && !life.finished;
            lost += missing ? 1 : 0;
            long late = life.startsAfter(life.settledMicros);
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
                redelivered,
                unsettled,
                examples);
    }
}
