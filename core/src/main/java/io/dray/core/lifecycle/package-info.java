/** Stopping in order: closing several things, and draining what is in flight. */
@NullMarked
package io.dray.core.lifecycle;

import org.jspecify.annotations.NullMarked;
