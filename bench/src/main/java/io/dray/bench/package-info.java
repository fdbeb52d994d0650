/** Load generators, peers, reports and whole-mesh tests. */
@NullMarked
package io.dray.bench;

import org.jspecify.annotations.NullMarked;
