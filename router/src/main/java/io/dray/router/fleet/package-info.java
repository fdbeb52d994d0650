/** The hosts: who is where, and what each has free; start at {@link io.dray.router.fleet.Fleet}. */
@NullMarked
package io.dray.router.fleet;

import org.jspecify.annotations.NullMarked;
