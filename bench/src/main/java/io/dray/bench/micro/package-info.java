/**
 * Micro-benchmarks of the hot path's parts: one class for each part, run by JMH through
 * {@link io.dray.bench.micro.MicroCommand}. They show what a change of one part costs; what users see is measured by the
 * suites.
 */
@NullMarked
package io.dray.bench.micro;

import org.jspecify.annotations.NullMarked;
