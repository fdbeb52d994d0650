package io.dray.router.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One router's hold on the pool's row. All times are those of the database's clock. The row's epoch grows with each
 * owner; its owner carries a mark that changes whenever the outcome of a write is unknown. Thread-safe.
 */
final class PoolLease implements AutoCloseable {
    /* Why a mark: a connection that broke may have left a write behind that the database has not begun yet. It carries
     * the old mark, so once the new one is in the row it can do nothing any more; and the update that writes the new
     * mark waits for a write that has begun, since that holds the row for share. What is read then stays true. */

    private static final Logger LOGGER = LoggerFactory.getLogger(PoolLease.class);
    static final Duration LEASE = Duration.ofMillis(1_500);
    private static final Duration RENEWAL = Duration.ofMillis(300);
    private static final String POOL = "default";
    private static final String UNTIL = "now() + interval '" + LEASE.toMillis() + " milliseconds'";

    private final PostgresConnections connections;
    private final PostgresAddress address;
    private final String router;
    private final ScheduledExecutorService renewals = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("router-store-lease").factory());
    private volatile boolean owned;
    private volatile long epoch;
    private volatile String owner = "";

    PoolLease(PostgresConnections connections, PostgresAddress address, String router) {
        this.connections = connections;
        this.address = address;
        this.router = router;
    }

    /** Renews it from now on, on a thread of its own. */
    void startRenewing() {
        var _ = renewals.scheduleWithFixedDelay(
                this::renewQuietly, RENEWAL.toMillis(), RENEWAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    String pool() {
        return POOL;
    }

    String owner() {
        return owner;
    }

    long epoch() {
        return epoch;
    }

    /** Returns whether this router owned the pool when it last heard. Never waits. */
    boolean isOwned() {
        return owned;
    }

    /** Makes sure of the pool under a new mark, or takes it if it is free; throws a fenced exception if it is not. */
    synchronized long take() throws StoreException {
        try (Connection connection = connections.reader()) {
            if (!mark(connection)) {
                seize(connection);
            }
            return epoch;
        } catch (SQLException failure) {
            connections.evictAll();
            throw PostgresFailures.of(address, "taking the pool", failure);
        }
    }

    /** Makes sure of the pool under a new mark: no earlier write of this router can happen after this. */
    synchronized void confirm() throws StoreException {
        try (Connection connection = connections.reader()) {
            if (!mark(connection)) {
                throw fenced();
            }
        } catch (SQLException failure) {
            throw PostgresFailures.of(address, "making sure of the pool", failure);
        }
    }

    private boolean mark(Connection connection) throws SQLException {
        if (epoch == 0) {
            return false;
        }
        String marked = newOwner();
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE pool SET owner = ?, expires = " + UNTIL + " WHERE name = ? AND epoch = ?")) {
            update.setString(1, marked);
            update.setString(2, POOL);
            update.setLong(3, epoch);
            owned = update.executeUpdate() == 1;
        }
        owner = marked;
        return owned;
    }

    private void seize(Connection connection) throws SQLException, StoreException {
        if (!isFree(connection)) {
            throw fenced();
        }
        String seizing = newOwner();
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO pool AS p (name, owner, epoch, expires) VALUES (?, ?, 1, " + UNTIL + ")"
                        + " ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, epoch = p.epoch + 1,"
                        + " expires = excluded.expires WHERE p.expires <= now() RETURNING epoch")) {
            insert.setString(1, POOL);
            insert.setString(2, seizing);
            try (ResultSet row = insert.executeQuery()) {
                if (!row.next()) {
                    throw fenced();
                }
                epoch = row.getLong(1);
                owner = seizing;
                owned = true;
            }
        }
    }

    /** A look first: to try at once would lock the row, and the owner's writes would wait for it. */
    private static boolean isFree(Connection connection) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT expires <= now() FROM pool WHERE name = ?")) {
            select.setString(1, POOL);
            try (ResultSet row = select.executeQuery()) {
                return !row.next() || row.getBoolean(1);
            }
        }
    }

    private String newOwner() {
        return router + "/"
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    /** Prolongs it; returns false when another router has the pool. A lease that ran out and that nobody took goes on. */
    synchronized boolean renew() throws StoreException {
        try (Connection connection = connections.reader();
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE pool SET expires = " + UNTIL + " WHERE name = ? AND epoch = ?")) {
            update.setString(1, POOL);
            update.setLong(2, epoch);
            owned = update.executeUpdate() == 1;
            return owned;
        } catch (SQLException failure) {
            throw PostgresFailures.of(address, "renewing the pool", failure);
        }
    }

    private void renewQuietly() {
        if (!owned) {
            return;
        }
        try {
            if (!renew()) {
                LOGGER.atWarn().addKeyValue("pool", POOL).log("Another router has taken the pool");
            }
        } catch (StoreException failure) {
            // The writer meets the same and says it; the next renewal comes by itself.
            LOGGER.atDebug().setCause(failure).log("Renewing the pool failed");
        }
    }

    /** Returns what is said when another router has it, and remembers that. */
    StoreException fenced() {
        owned = false;
        return StoreException.fenced("pool " + POOL + " of " + address.shown() + " belongs to " + otherOwner()
                + " (expected: " + router + "): nothing was written");
    }

    private String otherOwner() {
        try (Connection connection = connections.reader();
                PreparedStatement select = connection.prepareStatement("SELECT owner FROM pool WHERE name = ?")) {
            select.setString(1, POOL);
            try (ResultSet row = select.executeQuery()) {
                if (row.next()) {
                    String other = row.getString(1);
                    return "router " + other.substring(0, Math.max(0, other.lastIndexOf('/')));
                }
            }
        } catch (SQLException | StoreException failure) {
            LOGGER.atDebug().setCause(failure).log("Reading the owner of the pool failed");
        }
        return "another router";
    }

    /** Gives the pool away, so that the next router need not wait. */
    @Override
    public void close() {
        renewals.shutdownNow();
        if (!owned) {
            return;
        }
        owned = false;
        try (Connection connection = connections.reader();
                PreparedStatement update =
                        connection.prepareStatement("UPDATE pool SET expires = now() WHERE name = ? AND epoch = ?")) {
            update.setString(1, POOL);
            update.setLong(2, epoch);
            update.executeUpdate();
        } catch (SQLException | StoreException failure) {
            LOGGER.atDebug().setCause(failure).log("Giving the pool away failed; it is free when its lease ends");
        }
    }
}
