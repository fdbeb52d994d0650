package io.dray.core.net;

/**
 * How a server treats its connections.
 *
 * @param flowControlWindowBytes fixed HTTP/2 window of each stream and connection
 * @param maxMessageBytes largest gRPC message taken
 * @param insecure whether listening beyond loopback without certificates was asked for
 */
public record ServerSettings(int flowControlWindowBytes, int maxMessageBytes, boolean insecure) {
    /**
     * Returns the settings of a door for agents: small windows, so that many paused sources stay cheap. With less than
     * a full frame a fast source waited for each window update.
     */
    public static ServerSettings forAgents(boolean insecure) {
        return new ServerSettings(ChannelSettings.DOOR_WINDOW_BYTES, ChannelSettings.MAX_MESSAGE_BYTES, insecure);
    }

    /** Returns the settings of a door for sidecars and of routers. */
    public static ServerSettings forPeers(boolean insecure) {
        return new ServerSettings(ChannelSettings.PEER_WINDOW_BYTES, ChannelSettings.MAX_MESSAGE_BYTES, insecure);
    }

    /** Returns the same with another window. */
    public ServerSettings withWindow(int bytes) {
        return new ServerSettings(bytes, maxMessageBytes, insecure);
    }
}
