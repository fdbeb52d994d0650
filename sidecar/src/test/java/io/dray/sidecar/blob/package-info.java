@NullMarked
package io.dray.sidecar.blob;

import org.jspecify.annotations.NullMarked;
