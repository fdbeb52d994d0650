/**
 * The same load over different systems, as child processes. Start with {@link io.dray.bench.load.LoadAgent}, which is
 * either side; {@link io.dray.bench.load.Work} is what a parent asks for, {@link io.dray.bench.load.Result} the answer.
 */
@NullMarked
package io.dray.bench.load;

import org.jspecify.annotations.NullMarked;
