package io.dray.core.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Where a server listens or a client connects: {@code unix:/path}, {@code host:port} or {@code [::1]:port}. */
public sealed interface Endpoint {
    /** Bytes of the longest path of a Unix socket: the kernel's limit, without the closing zero. */
    int MAX_PATH_BYTES = 107;

    /** A Unix socket. */
    record Unix(Path path) implements Endpoint {
        /** Refuses a path that is too long for the kernel. */
        public Unix {
            int bytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_PATH_BYTES) {
                throw new IllegalArgumentException("socket path of " + bytes + " bytes: " + path
                        + " (expected: at most " + MAX_PATH_BYTES + " bytes; choose a shorter folder)");
            }
        }

        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /** A TCP port of a host; port 0 takes a free one. */
    record Tcp(String host, int port) implements Endpoint {
        private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%-]+");

        /** Refuses what can be no host, and a port out of range. */
        public Tcp {
            if (!HOST.matcher(host).matches()) {
                throw new IllegalArgumentException("host: " + host + " (expected: a name or an address)");
            }
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("port: " + port + " (expected: 0-65535)");
            }
        }

        /** Looks the host up; the result is unresolved when nobody knows it. */
        public InetSocketAddress address() {
            return new InetSocketAddress(host, port);
        }

        /** Returns whether the host is this machine only; an unknown host is not. */
        public boolean isLoopback() {
            try {
                return InetAddress.getByName(host).isLoopbackAddress();
            } catch (UnknownHostException _) {
                return false;
            }
        }

        @Override
        public String toString() {
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /** Returns the endpoint in a text; throws IllegalArgumentException, saying what is expected, when it is none. */
    static Endpoint parse(String text) {
        if (text.startsWith("unix:")) {
            String path = text.substring("unix:".length());
            if (path.isEmpty()) {
                throw notAnEndpoint(text);
            }
            return new Unix(Path.of(path));
        }
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw notAnEndpoint(text);
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (!bracketed && host.indexOf(':') >= 0) {
            throw notAnEndpoint(text);
        }
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            return new Tcp(bracketed ? host.substring(1, host.length() - 1) : host, port);
        } catch (NumberFormatException _) {
            throw notAnEndpoint(text);
        }
    }

    /** Returns the endpoint that a configuration key holds; the refusal names the key. */
    static Endpoint parse(String key, String text) {
        try {
            return parse(text);
        } catch (IllegalArgumentException e) {
            String problem = String.valueOf(e.getMessage()).replaceFirst("^endpoint: ", "");
            throw new IllegalArgumentException(key + ": " + problem, e);
        }
    }

    /** Returns the TCP endpoint that a configuration key holds; the refusal names the key. */
    static Tcp parseTcp(String key, String text) {
        if (parse(key, text) instanceof Tcp tcp) {
            return tcp;
        }
        throw new IllegalArgumentException(key + ": " + text + " (expected: host:port)");
    }

    private static IllegalArgumentException notAnEndpoint(String text) {
        return new IllegalArgumentException("endpoint: " + text + " (expected: unix:/path, host:port or [ipv6]:port)");
    }
}
