package io.dray.sidecar.tasks;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Which attempts went with which report, and when it was sent. A report renews the leases of its attempts when the
 * router says that it took it, and from the moment when it was *sent*: so a lease ends here no later than there, also
 * when a connection is cut and nobody has noticed yet. Control loop only.
 */
final class Renewals {
    /** A router that took none of so many reports will not take the oldest either. */
    private static final int MAX_SENT = 64;

    private final Deque<Sent> sent = new ArrayDeque<>();

    private record Sent(long number, long sentNanos, Set<AttemptKey> attempts) {}

    void onSent(long number, long sentNanos, Set<AttemptKey> attempts) {
        sent.addLast(new Sent(number, sentNanos, Set.copyOf(attempts)));
        if (sent.size() > MAX_SENT) {
            sent.removeFirst();
        }
    }

    /** The router took every report up to a number; renewed hears of each attempt and when its report was sent. */
    void onTaken(long number, BiConsumer<AttemptKey, Long> renewed) {
        while (!sent.isEmpty() && sent.getFirst().number <= number) {
            Sent report = sent.removeFirst();
            report.attempts.forEach(key -> renewed.accept(key, report.sentNanos));
        }
    }

    /** What was sent on a stream that ended may never have arrived. */
    void onStreamEnded() {
        sent.clear();
    }
}
