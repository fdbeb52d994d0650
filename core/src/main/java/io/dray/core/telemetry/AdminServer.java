package io.dray.core.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dray.core.lifecycle.ListenRefusedException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves /metrics, /healthz and /readyz over HTTP, each request on a virtual thread. Thread-safe. */
public final class AdminServer implements AutoCloseable {
    private static final String PLAIN = "text/plain; charset=utf-8";
    private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

    /** Header of every answer: whose page it is, since one address may mean another process on each host. */
    public static final String NODE_HEADER = "Dray-Node";

    private final HttpServer server;
    private final String node;
    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    private final Meters meters;
    private final Readiness readiness;

    private AdminServer(HttpServer server, String node, Meters meters, Readiness readiness) {
        this.server = server;
        this.node = node;
        this.meters = meters;
        this.readiness = readiness;
    }

    /** Starts on a loopback address; port 0 takes a free one. */
    public static AdminServer start(String host, int port, Meters meters, Readiness readiness) throws IOException {
        return start("", new InetSocketAddress(host, port), false, meters, readiness);
    }

    /**
     * Starts at once; an address beyond loopback is refused unless {@code insecure}.
     *
     * @param node whose pages these are, said in the header {@value #NODE_HEADER}; empty says nothing
     */
    public static AdminServer start(
            String node, InetSocketAddress address, boolean insecure, Meters meters, Readiness readiness)
            throws IOException {
        String host = address.getHostString();
        int port = address.getPort();
        if (address.isUnresolved()) {
            throw new BindException("admin address " + host + " is unknown (expected: a name or address of this host)");
        }
        if (!insecure && !address.getAddress().isLoopbackAddress()) {
            throw new ListenRefusedException("admin pages on " + host + ":" + port
                    + " would be readable beyond loopback (expected: a loopback address such as 127.0.0.1:" + port
                    + ", or --insecure written out)");
        }
        AdminServer admin = new AdminServer(bound(address), node, meters, readiness);
        admin.server.setExecutor(admin.requests);
        admin.server.createContext("/", admin::answer);
        admin.server.start();
        return admin;
    }

    private static HttpServer bound(InetSocketAddress address) throws IOException {
        try {
            return HttpServer.create(address, 0);
        } catch (BindException failure) {
            throw new IOException(
                    "cannot listen on " + address.getHostString() + ":" + address.getPort() + " for the admin pages: "
                            + failure.getMessage()
                            + " (expected: a free address of this host; stop what listens there or choose another)",
                    failure);
        }
    }

    /** Returns the port that is served. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Returns host:port. */
    public String address() {
        String host = server.getAddress().getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port();
    }

    @Override
    public void close() {
        server.stop(0);
        requests.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!node.isEmpty()) {
                exchange.getResponseHeaders().set(NODE_HEADER, node);
            }
            String method = exchange.getRequestMethod();
            if (!method.equals("GET") && !method.equals("HEAD")) {
                send(exchange, 405, PLAIN, "method: " + method + " (expected: GET)\n");
                return;
            }
            switch (exchange.getRequestURI().getPath()) {
                case "/metrics" -> send(exchange, 200, METRICS, meters.scrape());
                case "/healthz" -> send(exchange, 200, PLAIN, "alive\n");
                case "/readyz" -> answerReady(exchange);
                default -> send(exchange, 404, PLAIN, "not here (expected: /metrics, /healthz or /readyz)\n");
            }
        }
    }

    private void answerReady(HttpExchange exchange) throws IOException {
        Optional<String> reason = readiness.reasonNotReady();
        send(exchange, reason.isEmpty() ? 200 : 503, PLAIN, reason.orElse("ready") + "\n");
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : bytes.length);
        if (!head) {
            exchange.getResponseBody().write(bytes);
        }
    }
}
