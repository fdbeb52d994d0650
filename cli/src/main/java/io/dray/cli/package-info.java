/** The {@code dray} command. */
@NullMarked
package io.dray.cli;

import org.jspecify.annotations.NullMarked;
