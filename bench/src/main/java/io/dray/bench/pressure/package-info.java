/**
 * The pressure suite: slow, stopped, flooding and leaving neighbours, and what they do to others. Start with
 * {@link io.dray.bench.pressure.PressureSuite}. Its children are {@link io.dray.bench.pressure.Consumers} and
 * {@link io.dray.bench.pressure.Senders}.
 */
@NullMarked
package io.dray.bench.pressure;

import org.jspecify.annotations.NullMarked;
