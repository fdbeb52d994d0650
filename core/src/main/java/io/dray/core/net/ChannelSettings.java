package io.dray.core.net;

/**
 * How a client treats its connection.
 *
 * @param flowControlWindowBytes fixed HTTP/2 window of each stream and of the connection
 * @param maxMessageBytes largest gRPC message taken
 */
public record ChannelSettings(int flowControlWindowBytes, int maxMessageBytes) {
    /** What an agent may send to a sidecar: small, so that many paused ones stay cheap, but two full frames. */
    public static final int DOOR_WINDOW_BYTES = 256 * 1024;

    /** What a sidecar may send to an agent, which pays for it alone. */
    public static final int AGENT_WINDOW_BYTES = 1024 * 1024;

    /** Window of sidecars and routers among themselves. */
    public static final int PEER_WINDOW_BYTES = 1024 * 1024;

    static final int MAX_MESSAGE_BYTES = 4 * 1024 * 1024 + 64 * 1024;

    /** Returns the settings of an agent towards its sidecar. */
    public static ChannelSettings forAgents() {
        return new ChannelSettings(AGENT_WINDOW_BYTES, MAX_MESSAGE_BYTES);
    }

    /** Returns the settings of a sidecar towards sidecars and routers. */
    public static ChannelSettings forPeers() {
        return new ChannelSettings(PEER_WINDOW_BYTES, MAX_MESSAGE_BYTES);
    }

    /** Returns the same with another window. */
    public ChannelSettings withWindow(int bytes) {
        return new ChannelSettings(bytes, maxMessageBytes);
    }
}
