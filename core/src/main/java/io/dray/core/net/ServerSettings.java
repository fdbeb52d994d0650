package io.dray.core.net;

/**
 * How a server treats its connections.
 *
 * @param flowControlWindowBytes fixed HTTP/2 window of each stream and connection
 * @param maxMessageBytes largest gRPC message taken
 * @param maxConnections open at a time; others are closed as they come
 * @param insecure whether listening beyond loopback without certificates was asked for
 */
public record ServerSettings(int flowControlWindowBytes, int maxMessageBytes, int maxConnections, boolean insecure) {
    /** Each takes some 13 KB of heap before anything is said. */
    private static final int MAX_AGENT_CONNECTIONS = 4_096;

    private static final int MAX_PEER_CONNECTIONS = 16_384;

    /**
     * Returns the settings of a door for agents: small windows, so that many paused sources stay cheap. With less than
     * a full frame a fast source waited for each window update.
     */
    public static ServerSettings forAgents(boolean insecure) {
        return new ServerSettings(
                ChannelSettings.DOOR_WINDOW_BYTES, ChannelSettings.MAX_MESSAGE_BYTES, MAX_AGENT_CONNECTIONS, insecure);
    }

    /** Returns the settings of a door for sidecars and of routers. */
    public static ServerSettings forPeers(boolean insecure) {
        return new ServerSettings(
                ChannelSettings.PEER_WINDOW_BYTES, ChannelSettings.MAX_MESSAGE_BYTES, MAX_PEER_CONNECTIONS, insecure);
    }

    /** Returns the same with room for so many connections. */
    public ServerSettings withConnections(int most) {
        return new ServerSettings(flowControlWindowBytes, maxMessageBytes, most, insecure);
    }

    /** Returns the same with another window. */
    public ServerSettings withWindow(int bytes) {
        return new ServerSettings(bytes, maxMessageBytes, maxConnections, insecure);
    }
}
