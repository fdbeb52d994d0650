/**
 * The messaging suite, the parent of the processes that {@link io.dray.bench.load} describes. Start with
 * {@link io.dray.bench.messaging.Scenarios}, which lists what is measured, and
 * {@link io.dray.bench.messaging.MessagingSuite}, which measures it.
 */
@NullMarked
package io.dray.bench.messaging;

import org.jspecify.annotations.NullMarked;
