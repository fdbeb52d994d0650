package io.dray.router.balance;

import io.dray.router.fleet.Affinity;
import io.dray.router.fleet.Node;
import io.dray.router.fleet.Wishes;
import java.util.ArrayList;
import java.util.List;

/** The order of nodes that all take a task with wishes. Stateless. */
final class Score {
    /*
     * Compared term by term, the first that differs decides, so that no weights have to be guessed:
     *
     *   1. preferred: more of the preferred labels
     *   2. sticky: the node that last had the sticky key
     *   3. near: the node that the task names
     *   4. spread: fewer tasks with the spread key
     *   5. sound: not a node that failed often lately
     *   6. best fit: least free CPU, then least free memory, left over
     *
     * A task without wishes has terms 5 and 6 alone: CpuBuckets holds its nodes in that order.
     */
    private Score() {}

    /** Returns less than 0 when one comes before the other. */
    static int compare(Node one, Node other, Ask ask, Affinity affinity) {
        Wishes wishes = ask.wishes();
        int order = Integer.compare(wishes.preferredAmong(other.labels()), wishes.preferredAmong(one.labels()));
        if (order == 0) {
            order = Boolean.compare(isSticky(other, wishes, affinity), isSticky(one, wishes, affinity));
        }
        if (order == 0) {
            order = Boolean.compare(isNear(other, wishes), isNear(one, wishes));
        }
        if (order == 0) {
            order = Integer.compare(spread(one, wishes, affinity), spread(other, wishes, affinity));
        }
        if (order == 0) {
            order = Boolean.compare(one.isSuspect(), other.isSuspect());
        }
        return order == 0 ? BestFit.compare(one, other) : order;
    }

    /** Returns whether no node can have more of what can be had of any node: all preferred labels, no task of its key. */
    static boolean isPerfect(Node node, Wishes wishes, Affinity affinity) {
        return wishes.prefersMost(node.labels()) && spread(node, wishes, affinity) == 0;
    }

    private static boolean isSticky(Node node, Wishes wishes, Affinity affinity) {
        return !wishes.stickyKey().isEmpty()
                && affinity.lastNode(wishes.stickyKey()).equals(node.name());
    }

    private static boolean isNear(Node node, Wishes wishes) {
        return wishes.nearNode().equals(node.name());
    }

    private static int spread(Node node, Wishes wishes, Affinity affinity) {
        return wishes.spreadKey().isEmpty() ? 0 : affinity.count(wishes.spreadKey(), node.name());
    }

    /** Returns the same terms for people: those that the task has, what counts most first. */
    static List<Verdict.Term> terms(Node node, Ask ask, Affinity affinity) {
        Wishes wishes = ask.wishes();
        List<Verdict.Term> terms = new ArrayList<>();
        if (!wishes.preferred().isEmpty()) {
            terms.add(new Verdict.Term("preferred", wishes.preferredAmong(node.labels())));
        }
        if (!wishes.stickyKey().isEmpty()) {
            terms.add(new Verdict.Term("sticky", isSticky(node, wishes, affinity) ? 1 : 0));
        }
        if (!wishes.nearNode().isEmpty()) {
            terms.add(new Verdict.Term("near", isNear(node, wishes) ? 1 : 0));
        }
        if (!wishes.spreadKey().isEmpty()) {
            terms.add(new Verdict.Term("spread", -spread(node, wishes, affinity)));
        }
        if (node.isSuspect()) {
            terms.add(new Verdict.Term("sound", -1));
        }
        if (node.free().isMeasured()) {
            terms.add(new Verdict.Term(
                    "cpu_left_millis",
                    node.free().freeCpuMillis() - ask.demand().cpuMillis()));
            terms.add(new Verdict.Term(
                    "memory_left_bytes",
                    node.free().freeMemoryBytes() - ask.demand().memoryBytes()));
        }
        return terms;
    }
}
