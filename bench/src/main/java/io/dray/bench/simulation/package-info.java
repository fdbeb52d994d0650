/**
 * The scheduler on virtual time: start with {@link io.dray.bench.simulation.Simulation}, which runs one case, and
 * {@link io.dray.bench.simulation.RouterScheduler}, which drives the router's own dispatcher in it.
 */
@NullMarked
package io.dray.bench.simulation;

import org.jspecify.annotations.NullMarked;
