package io.dray.bench.load;

import io.dray.bench.mesh.Child;

/**
 * What serves a load.
 *
 * @param child the process to close
 * @param pid the process whose CPU counts
 * @param where its address for agents
 */
record Server(Child child, long pid, String where) {}
