/** What the nodes of a mesh do right now, for {@code dray top}. */
@NullMarked
package io.dray.cli.top;

import org.jspecify.annotations.NullMarked;
