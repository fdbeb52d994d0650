package io.dray.router.balance;

import io.dray.router.fleet.Node;
import io.dray.router.fleet.Worker;

/** The worker that a task goes to. Immutable. */
public record Placement(Node node, Worker worker) {}
