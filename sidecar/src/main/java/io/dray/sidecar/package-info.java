/** The per-host process that carries messages for the agents of its host. */
@NullMarked
package io.dray.sidecar;

import org.jspecify.annotations.NullMarked;
