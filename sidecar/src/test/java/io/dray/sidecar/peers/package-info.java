/** Tests of what this sidecar knows of the others. */
@NullMarked
package io.dray.sidecar.peers;

import org.jspecify.annotations.NullMarked;
