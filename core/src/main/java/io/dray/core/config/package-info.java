/** Configuration: a YAML file and the environment become records. Start at {@link ConfigLoader}. */
@NullMarked
package io.dray.core.config;

import org.jspecify.annotations.NullMarked;
