/** What leaves this host: choice of node, links to peers, back-pressure. Start at Forwarder. */
@NullMarked
package io.dray.sidecar.outbound;

import org.jspecify.annotations.NullMarked;
