/** The example agents in other languages against a whole mesh: start with {@code PlainClientsTest}. */
@NullMarked
package io.dray.bench.clients;

import org.jspecify.annotations.NullMarked;
