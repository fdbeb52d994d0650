/**
 * Three kinds of agents that digest a folder of text together: a reader, digesters and an indexer. Start at {@link
 * io.dray.examples.digest.DigestAgents}.
 */
@NullMarked
package io.dray.examples.digest;

import org.jspecify.annotations.NullMarked;
