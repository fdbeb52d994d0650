/** Tasks between the router and the workers of this host, and the figures of the host. Start at TaskRelay. */
@NullMarked
package io.dray.sidecar.tasks;

import org.jspecify.annotations.NullMarked;
