/** The mesh of {@code compose/compose.yaml} in containers, with its failures: start at {@code ContainersTest}. */
@NullMarked
package io.dray.bench.containers;

import org.jspecify.annotations.NullMarked;
