package io.dray.router.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** One PostgreSQL for all tests of a JVM, unpacked from a jar; each test has a schema of its own. Thread-safe. */
public final class PostgresForTests {
    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    private final String schema = "test" + SCHEMAS.incrementAndGet();

    /** Started by the first who asks; it ends with the JVM. */
    private static final class Server {
        private static final EmbeddedPostgres STARTED = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "off")
                        .start();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    static int port() {
        return Server.STARTED.getPort();
    }

    /** Returns the URL of this test's schema. */
    public String url() {
        return url(port());
    }

    /** Returns the same by way of another port. */
    public String url(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?currentSchema=" + schema;
    }

    PostgresAddress address() {
        return new PostgresAddress(url(), "postgres", "");
    }

    /** Runs one statement as somebody who looks at the database; returns the first value, or nothing. */
    public String sql(String sql) throws SQLException {
        try (Connection connection = Server.STARTED.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = " + schema);
            if (!statement.execute(sql)) {
                return "";
            }
            try (ResultSet row = statement.getResultSet()) {
                return row.next() ? String.valueOf(row.getString(1)) : "";
            }
        }
    }

    /** Lets the owner's lease run out, as if it had not been renewed. */
    public void expireLease() throws SQLException {
        sql("UPDATE pool SET expires = now() - interval '1 second'");
    }

    /** Ends all connections of routers from the database's side. */
    public void endConnections() throws SQLException {
        sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'dray-router'");
    }
}
