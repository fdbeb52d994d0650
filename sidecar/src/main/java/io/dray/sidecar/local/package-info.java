/** The agents of this host: who is attached, what waits for them, what they subscribed to. */
@NullMarked
package io.dray.sidecar.local;

import org.jspecify.annotations.NullMarked;
