/** Tests of the way to the routers, and a router that a test plays by hand. */
@NullMarked
package io.dray.sidecar.routers;

import org.jspecify.annotations.NullMarked;
