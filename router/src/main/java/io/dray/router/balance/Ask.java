package io.dray.router.balance;

import io.dray.router.fleet.Demand;
import io.dray.router.fleet.Node;
import io.dray.router.fleet.Wishes;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a task asks of the fleet.
 *
 * @param kept nodes that are kept free for others
 * @param avoided a node that the task does not go to, as its last attempt failed there; null when there is none
 * @param nowNanos running time, for workers that rest
 */
public record Ask(
        String capability,
        Demand demand,
        Wishes wishes,
        Set<Node> kept,
        @Nullable Node avoided,
        long nowNanos) {}
