package io.dray.cli.door;

import io.dray.core.net.Endpoint;
import io.dray.core.telemetry.AdminServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;

/** Opens admin pages of nodes, and only theirs. Stateless. */
public final class AdminPage {
    private static final int TIMEOUT_MILLIS = 2_000;

    private AdminPage() {}

    /**
     * Asks for a page; the caller disconnects.
     *
     * @param node whose page it must be: at an address such as 127.0.0.1 each host has another
     * @param admin host:port as the node announces it
     * @param path for example {@code /metrics}
     * @throws IOException with a reason for people when it cannot be read from here
     */
    public static HttpURLConnection open(String node, String admin, String path) throws IOException {
        InetSocketAddress address = address(admin);
        if (address.isUnresolved()) {
            throw new UnknownHostException("no host of this name is known here");
        }
        if (address.getAddress().isAnyLocalAddress()) {
            throw new IOException("the node does not say at which address of its host it is");
        }
        var connection =
                (HttpURLConnection) URI.create("http://" + admin + path).toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        boolean isOpen = false;
        try {
            int status = connection.getResponseCode();
            String other = connection.getHeaderField(AdminServer.NODE_HEADER);
            if (status != HttpURLConnection.HTTP_OK) {
                throw new IOException("it answers " + status);
            }
            if (other != null && !other.equals(node)) {
                throw new IOException("node " + other + " answers there");
            }
            isOpen = true;
            return connection;
        } finally {
            if (!isOpen) {
                connection.disconnect();
            }
        }
    }

    private static InetSocketAddress address(String admin) throws IOException {
        try {
            return Endpoint.parseTcp("admin address", admin).address();
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
