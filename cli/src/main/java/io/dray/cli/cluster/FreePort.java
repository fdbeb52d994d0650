package io.dray.cli.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports that a server may take. Stateless. */
public final class FreePort {
    private FreePort() {}

    /** Returns {@code port} if nobody listens there on loopback, else 0, which makes a server take any free one. */
    public static int preferring(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return port;
        } catch (IOException _) {
            return 0;
        }
    }
}
