package io.dray.core.net;

/**
 * How a client treats its connection.
 *
 * @param flowControlWindowBytes fixed HTTP/2 window of each stream and of the connection
 * @param maxMessageBytes largest gRPC message taken
 */
public record ChannelSettings(int flowControlWindowBytes, int maxMessageBytes) {
    private static final int MAX_MESSAGE_BYTES = 4 * 1024 * 1024 + 64 * 1024;

    /** Returns the settings of an agent towards its sidecar. */
    public static ChannelSettings forAgents() {
        return new ChannelSettings(256 * 1024, MAX_MESSAGE_BYTES);
    }

    /** Returns the settings of a sidecar towards sidecars and routers. */
    public static ChannelSettings forPeers() {
        return new ChannelSettings(1024 * 1024, MAX_MESSAGE_BYTES);
    }
}
