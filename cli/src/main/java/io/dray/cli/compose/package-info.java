/**
 * A mesh in containers for {@code dray compose}: start at {@link io.dray.cli.compose.ComposeProject}, which runs Docker's
 * client and Compose as other programs.
 */
@NullMarked
package io.dray.cli.compose;

import org.jspecify.annotations.NullMarked;
