/** A mesh of processes on this machine: start at {@link io.dray.cli.cluster.LocalCluster}. */
@NullMarked
package io.dray.cli.cluster;

import org.jspecify.annotations.NullMarked;
