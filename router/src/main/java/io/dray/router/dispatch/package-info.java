/** Moves tasks through their life and commits it; start at {@link io.dray.router.dispatch.Dispatcher}. */
@NullMarked
package io.dray.router.dispatch;

import org.jspecify.annotations.NullMarked;
