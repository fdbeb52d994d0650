/** The small agent of all languages, with the SDK: {@link io.dray.examples.shout.Shout}. */
@NullMarked
package io.dray.examples.shout;

import org.jspecify.annotations.NullMarked;
