/** Keeps tasks over the death of the process; start at {@link io.dray.router.store.Store}. */
@NullMarked
package io.dray.router.store;

import org.jspecify.annotations.NullMarked;
