package io.dray.router.fleet;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Which nodes get nothing new because they failed too often. Owned by the dispatcher's thread. */
final class Ejections {
    /*
     * A first rest is short and each next one twice as long, until a node was sound for a while. At most a third of the
     * nodes that are here rest at once, and never the last one for a capability: a bad worker is better than none, and
     * when everything fails the nodes are not the cause.
     */
    private static final Duration FIRST_REST = Duration.ofSeconds(10);

    private static final Duration LONGEST_REST = Duration.ofMinutes(5);
    private static final Duration SOUND = Duration.ofMinutes(10);
    private static final int SHARE = 3;

    private static final class Rest {
        private int times;
        private long untilNanos;
    }

    private final Map<Node, Rest> rests = new HashMap<>();

    boolean isResting(Node node, long nowNanos) {
        Rest rest = rests.get(node);
        return rest != null && rest.untilNanos - nowNanos > 0;
    }

    /** Returns when the node's rest ends; only while it rests. */
    long untilNanos(Node node) {
        Rest rest = rests.get(node);
        return rest == null ? 0 : rest.untilNanos;
    }

    /** Ejects the node unless too few would remain; returns whether it did. */
    boolean eject(Node node, List<Node> present, long nowNanos) {
        List<Node> open =
                present.stream().filter(each -> !isResting(each, nowNanos)).toList();
        int resting = present.size() - open.size();
        if ((resting + 1) * SHARE > present.size() || isOnlyWorker(node, open)) {
            return false;
        }
        Rest rest = rests.computeIfAbsent(node, _ -> new Rest());
        long nanos = Math.min(LONGEST_REST.toNanos(), FIRST_REST.toNanos() << Math.min(rest.times, 8));
        rest.untilNanos = nowNanos + nanos;
        rest.times++;
        return true;
    }

    private static boolean isOnlyWorker(Node node, List<Node> open) {
        return node.capabilities().stream()
                .anyMatch(
                        capability -> open.stream().noneMatch(other -> !other.equals(node) && other.knows(capability)));
    }

    /** Forgets how often nodes rested that were sound since. */
    void tick(long nowNanos) {
        for (Iterator<Rest> all = rests.values().iterator(); all.hasNext(); ) {
            if (nowNanos - all.next().untilNanos > SOUND.toNanos()) {
                all.remove();
            }
        }
    }
}
