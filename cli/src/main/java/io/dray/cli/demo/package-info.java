/** The digest demo: start at {@link io.dray.cli.demo.Demo}. */
@NullMarked
package io.dray.cli.demo;

import org.jspecify.annotations.NullMarked;
