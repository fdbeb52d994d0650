package io.dray.bench.tasks;

import io.dray.bench.mesh.PostgresServer;
import io.dray.bench.messaging.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The PostgreSQL of one run. Each commit is on the disk before it is answered. Used by one thread. */
final class Postgres implements AutoCloseable {
    private static final String SCHEMA = "?currentSchema=";
    /** What a user sets who has read one page about it; all else is as installed. */
    private static final String[] SETTINGS = {
        "fsync=on",
        "synchronous_commit=on",
        "full_page_writes=on",
        "shared_buffers=1GB",
        "max_wal_size=4GB",
        "max_connections=200"
    };

    private final PostgresServer server;

    private Postgres(PostgresServer server) {
        this.server = server;
    }

    /** Makes a database below the folder of the run, and starts it. */
    static Postgres start(Path run) throws IOException, InterruptedException {
        PostgresServer server = PostgresServer.make(run, SETTINGS);
        try {
            server.start();
        } catch (IOException | InterruptedException | RuntimeException e) {
            server.close();
            throw e;
        }
        return new Postgres(server);
    }

    /** Settings of a router that keeps its tasks in a schema of its own. */
    List<String> routerSettings(String schema) {
        return Stream.concat(Stream.of("store.url=" + url(schema)), server.loginSettings().stream())
                .toList();
    }

    /** Where any client has a schema of its own; it holds the password. */
    String urlWithLogin(String schema) {
        return url(schema) + "&user=" + server.user() + "&password=" + server.password();
    }

    private String url(String schema) {
        return server.url() + SCHEMA + schema;
    }

    /** The schema that a URL of this class names. */
    static String schema(String url) {
        int from = url.indexOf(SCHEMA) + SCHEMA.length();
        int to = url.indexOf('&', from);
        return to < 0 ? url.substring(from) : url.substring(from, to);
    }

    /** All its processes, for what they cost. */
    Part part() {
        return Part.tree("postgres", server.child(), server.pid());
    }

    /** Ends its connections and itself. */
    @Override
    public void close() {
        server.close();
    }
}
