/**
 * The same load over different systems. {@link io.dray.bench.load.LoadAgent} is the child process that makes it over a
 * {@code Carrier}; {@link io.dray.bench.load.Peer} is the parent's side of one system under load.
 */
@NullMarked
package io.dray.bench.load;

import org.jspecify.annotations.NullMarked;
