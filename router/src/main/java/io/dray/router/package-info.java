/** The service that keeps the directory and places tasks. */
@NullMarked
package io.dray.router;

import org.jspecify.annotations.NullMarked;
