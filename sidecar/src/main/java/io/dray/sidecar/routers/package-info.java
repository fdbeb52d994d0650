/** The way to the routers: shared channels, and the stream that comes back. Start at Routers, then RouterStream. */
@NullMarked
package io.dray.sidecar.routers;

import org.jspecify.annotations.NullMarked;
