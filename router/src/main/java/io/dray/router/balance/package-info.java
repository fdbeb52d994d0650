/** Which worker gets a task: pure decisions; start at {@link io.dray.router.balance.Balancer}. */
@NullMarked
package io.dray.router.balance;

import org.jspecify.annotations.NullMarked;
