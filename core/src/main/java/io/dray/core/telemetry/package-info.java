/** What a process shows of itself: meters, admin pages, logs, version. Start at {@link Meters}. */
@NullMarked
package io.dray.core.telemetry;

import org.jspecify.annotations.NullMarked;
