/** Event loops, gRPC servers and channels, and what keeps their queues bounded. Start at {@code EventLoops}. */
@NullMarked
package io.dray.core.net;

import org.jspecify.annotations.NullMarked;
