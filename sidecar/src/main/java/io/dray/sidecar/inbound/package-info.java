/** What arrives for this host's agents: choice of instance, duplicates, refusals. Start at Delivery. */
@NullMarked
package io.dray.sidecar.inbound;

import org.jspecify.annotations.NullMarked;
