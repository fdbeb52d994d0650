package io.dray.core.net;

import io.grpc.ManagedChannel;

/** Opens gRPC channels on our event loops, each pinned to one loop. */
@SuppressWarnings("DoNotCallSuggester") // Bodies follow.
public final class GrpcChannels {
    private GrpcChannels() {}

    /** Opens a channel that connects on first use, with the same fixed windows and no retries of its own. */
    public static ManagedChannel open(EventLoops loops, Endpoint endpoint, ChannelSettings settings) {
        throw new UnsupportedOperationException("not yet");
    }
}
