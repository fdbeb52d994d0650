package io.dray.router.dispatch;

import io.dray.router.balance.Verdict;
import io.dray.router.tasks.TaskSnapshot;
import java.util.List;
import java.util.Optional;

/**
 * Where a task would go now and why. Immutable.
 *
 * @param task empty for a task that is not submitted
 * @param ahead tasks for the same capability that come before it
 * @param nodes the chosen one first, then those that it fits, then by name
 * @param summary one sentence for people
 * @param estimatedMicros when it may be placed, in Unix microseconds; 0 means unknown
 * @param impossible whether no known node could ever take it
 */
public record Explanation(
        Optional<TaskSnapshot> task,
        int ahead,
        List<Verdict> nodes,
        String summary,
        long estimatedMicros,
        boolean impossible) {
    public Explanation {
        nodes = List.copyOf(nodes);
    }
}
