/**
 * What this sidecar knows of the others: who answers to an address, where nodes are, who wants which topic. Start at
 * DirectoryClient.
 */
@NullMarked
package io.dray.sidecar.peers;

import org.jspecify.annotations.NullMarked;
