/** Connections of the command to sidecars and routers: {@link io.dray.cli.door.Door}. */
@NullMarked
package io.dray.cli.door;

import org.jspecify.annotations.NullMarked;
