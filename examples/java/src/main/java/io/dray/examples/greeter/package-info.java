/** The smallest agent: {@link io.dray.examples.greeter.Greeter}. */
@NullMarked
package io.dray.examples.greeter;

import org.jspecify.annotations.NullMarked;
