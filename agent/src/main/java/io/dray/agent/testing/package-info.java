/** Test doubles for users of the SDK: start with {@link io.dray.agent.testing.FakeMesh}. */
@NullMarked
package io.dray.agent.testing;

import org.jspecify.annotations.NullMarked;
