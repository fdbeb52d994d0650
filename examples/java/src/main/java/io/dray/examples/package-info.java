/** Agents to copy from; they import the agent SDK and nothing else of Dray. */
@NullMarked
package io.dray.examples;

import org.jspecify.annotations.NullMarked;
