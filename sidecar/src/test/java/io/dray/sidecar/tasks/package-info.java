/** Tests of tasks between router and workers, and of the figures of the host. */
@NullMarked
package io.dray.sidecar.tasks;

import org.jspecify.annotations.NullMarked;
