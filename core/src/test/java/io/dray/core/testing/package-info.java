/** What the tests of every module share; published as core's test-jar. */
@NullMarked
package io.dray.core.testing;

import org.jspecify.annotations.NullMarked;
