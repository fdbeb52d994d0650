/** Sockets: event loops, servers, channels and the memory they may hold. Start at {@link GrpcServers}. */
@NullMarked
package io.dray.core.net;

import org.jspecify.annotations.NullMarked;
