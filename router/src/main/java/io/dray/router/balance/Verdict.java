package io.dray.router.balance;

import io.dray.router.fleet.Filter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a task on one node, for people. Immutable.
 *
 * @param filter what refused the node first; null when it takes the task
 * @param value what the node has; may be empty
 * @param expected what it would have to have; may be empty
 * @param terms what orders the nodes that take it, what counts most first
 * @param reportAgeMillis at least 1; 0 means that no report came
 * @param chosen whether the balancer would take it now
 * @param impossible whether it could never take it
 */
public record Verdict(
        String node,
        @Nullable Filter filter,
        String value,
        String expected,
        List<Term> terms,
        long reportAgeMillis,
        boolean chosen,
        boolean impossible) {
    /** One figure of a node: of what is left over the smaller comes first, of all others the greater. */
    public record Term(String name, double value) {}

    public Verdict {
        terms = List.copyOf(terms);
    }

    /** Returns the same about the node that the task is on already. */
    public Verdict withChosen(boolean isChosen) {
        return new Verdict(node, filter, value, expected, terms, reportAgeMillis, isChosen, impossible);
    }
}
