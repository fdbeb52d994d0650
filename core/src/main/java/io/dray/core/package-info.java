/** What sidecar, router and agent share: network, wire, configuration, lifecycle, telemetry. */
@NullMarked
package io.dray.core;

import org.jspecify.annotations.NullMarked;
