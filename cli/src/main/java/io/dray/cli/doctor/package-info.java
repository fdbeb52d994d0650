/** What {@code dray doctor} looks at: this machine, its network, its disk and the clocks of a running mesh. */
@NullMarked
package io.dray.cli.doctor;

import org.jspecify.annotations.NullMarked;
