package io.dray.core.net;

/**
 * How a server treats its connections.
 *
 * @param flowControlWindowBytes fixed HTTP/2 window of each stream and connection
 * @param maxMessageBytes largest gRPC message taken
 * @param insecure whether listening beyond loopback without certificates was asked for
 */
public record ServerSettings(int flowControlWindowBytes, int maxMessageBytes, boolean insecure) {
    private static final int MAX_MESSAGE_BYTES = 4 * 1024 * 1024 + 64 * 1024;

    /**
     * Returns the settings of a door for agents: small windows, so that many paused sources stay cheap. With 64 KiB, a
     * single full frame, a fast source waited for each window update.
     */
    public static ServerSettings forAgents(boolean insecure) {
        return new ServerSettings(256 * 1024, MAX_MESSAGE_BYTES, insecure);
    }

    /** Returns the settings of a door for sidecars and of routers. */
    public static ServerSettings forPeers(boolean insecure) {
        return new ServerSettings(1024 * 1024, MAX_MESSAGE_BYTES, insecure);
    }
}
