/**
 * The model test: routers, hosts and callers in random schedules on a settable clock, around the production dispatcher,
 * against a small reference. Start at {@code World}, then {@code Reference} (what every commit must keep) and
 * {@code Promises} (what callers and hosts were told).
 */
@NullMarked
package io.dray.router.model;

import org.jspecify.annotations.NullMarked;
