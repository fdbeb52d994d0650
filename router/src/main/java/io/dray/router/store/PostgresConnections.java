package io.dray.router.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The connections of a router to its PostgreSQL: one writes, others read and renew. Thread-safe. */
final class PostgresConnections implements AutoCloseable {
    /** Of the tables, unless the URL names another by {@code currentSchema}. */
    static final String SCHEMA = "dray";

    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration WAIT = Duration.ofSeconds(3);
    /** The store's thread reads on one while the lease is renewed on the other. */
    private static final int READERS = 2;
    /**
     * Plans that were made for an empty table stay with a prepared statement and scan the full one; the writer finds
     * all its rows by their keys.
     */
    private static final String WRITER_SETTINGS = "SET plan_cache_mode = force_custom_plan; SET enable_seqscan = off;"
            + " SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off; SET synchronous_commit = on";

    private final PostgresAddress address;
    private final HikariDataSource writer;
    private final HikariDataSource readers;

    /** Opens nothing yet: connections are made when they are wanted. */
    PostgresConnections(PostgresAddress address) {
        this.address = address;
        writer = new HikariDataSource(pool("store-writer", source(address), 1, WRITER_SETTINGS));
        readers = new HikariDataSource(pool("store-readers", source(address), READERS, "SET jit = off"));
    }

    /** Returns what connects, with bounds on how long each step may take. */
    static PGSimpleDataSource source(PostgresAddress address) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(address.url());
        if (!address.user().isEmpty()) {
            source.setUser(address.user());
        }
        if (!address.password().isEmpty()) {
            source.setPassword(address.password());
        }
        if (source.getCurrentSchema() == null) {
            source.setCurrentSchema(SCHEMA);
        }
        source.setApplicationName("dray-router");
        source.setTcpKeepAlive(true);
        source.setConnectTimeout((int) CONNECT.toSeconds());
        source.setLoginTimeout((int) WAIT.toSeconds());
        if (source.getSocketTimeout() == 0) {
            source.setSocketTimeout((int) ANSWER.toSeconds());
        }
        return source;
    }

    private static HikariConfig pool(String name, DataSource source, int size, String settings) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setDataSource(source);
        config.setMaximumPoolSize(size);
        config.setConnectionInitSql(settings);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        config.setConnectionTimeout(WAIT.toMillis());
        config.setValidationTimeout(CONNECT.toMillis());
        // Whether it can be reached at all was found out before, with a better message.
        config.setInitializationFailTimeout(-1);
        return config;
    }

    /** Returns the one connection that writes tasks. A failure means that nothing was asked of the database. */
    Connection writer() throws StoreException {
        return connection(writer);
    }

    /** Returns a connection to read with, or to say who owns the pool. */
    Connection reader() throws StoreException {
        return connection(readers);
    }

    /** Has all connections made anew when they are wanted next. */
    void evictAll() {
        writer.getHikariPoolMXBean().softEvictConnections();
        readers.getHikariPoolMXBean().softEvictConnections();
    }

    private Connection connection(DataSource source) throws StoreException {
        try {
            return source.getConnection();
        } catch (SQLException failure) {
            throw StoreException.away(
                    address.shown() + " is away (expected: a PostgreSQL that answers): " + deepest(failure), failure);
        }
    }

    /** The pool says no more than that it waited. */
    private static String deepest(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() instanceof SQLException deeper) {
            cause = deeper;
        }
        return PostgresFailures.reason(cause);
    }

    @Override
    public void close() {
        writer.close();
        readers.close();
    }
}
