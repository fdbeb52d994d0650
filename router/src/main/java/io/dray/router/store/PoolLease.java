package io.dray.router.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
    private static final double NANOS_PER_SECOND = 1e9;
    private static final String POOL = "default";
    private static final String UNTIL = "now() + interval '" + LEASE.toMillis() + " milliseconds'";

    private final PostgresConnections connections;
    private final PostgresAddress database;
    private final String router;
    private final ScheduledExecutorService renewals = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("router-store-lease").factory());
    private volatile boolean owned;
    private volatile long epoch;
    private volatile String owner = "";
    private volatile String address = "";
    private volatile @Nullable PoolOwner known;

    PoolLease(PostgresConnections connections, PostgresAddress database, String router) {
        this.connections = connections;
        this.database = database;
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

    /** Returns who owned the pool when this router last heard; empty when nobody did. Never waits. */
    Optional<PoolOwner> known() {
        return Optional.ofNullable(known);
    }

    /** Says where others reach this router; they read it with the next renewal, which comes at once. */
    void advertise(String reachedAt) {
        address = reachedAt;
        try {
            renewals.execute(this::renewQuietly);
        } catch (RejectedExecutionException _) {
            // Closed: nobody is to come here any more.
        }
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
            throw PostgresFailures.of(database, "taking the pool", failure);
        }
    }

    /** Makes sure of the pool under a new mark: no earlier write of this router can happen after this. */
    synchronized void confirm() throws StoreException {
        try (Connection connection = connections.reader()) {
            if (!mark(connection)) {
                throw fenced();
            }
        } catch (SQLException failure) {
            throw PostgresFailures.of(database, "making sure of the pool", failure);
        }
    }

    private boolean mark(Connection connection) throws SQLException {
        if (epoch == 0) {
            return false;
        }
        String marked = newOwner();
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE pool SET owner = ?, address = ?, expires = " + UNTIL + " WHERE name = ? AND epoch = ?")) {
            update.setString(1, marked);
            update.setString(2, address);
            update.setString(3, POOL);
            update.setLong(4, epoch);
            hold(update.executeUpdate() == 1);
        }
        owner = marked;
        return owned;
    }

    private void seize(Connection connection) throws SQLException, StoreException {
        known = look(connection).orElse(null);
        if (known != null) {
            throw refusal();
        }
        String seizing = newOwner();
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO pool AS p (name, owner, address, epoch, expires) VALUES (?, ?, ?, 1, " + UNTIL + ")"
                        + " ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, address = excluded.address,"
                        + " epoch = p.epoch + 1, expires = excluded.expires WHERE p.expires <= now()"
                        + " RETURNING epoch")) {
            insert.setString(1, POOL);
            insert.setString(2, seizing);
            insert.setString(3, address);
            try (ResultSet row = insert.executeQuery()) {
                if (!row.next()) {
                    throw fenced();
                }
                epoch = row.getLong(1);
                owner = seizing;
                hold(true);
            }
        }
    }

    /** Remembers whether the pool is this router's from now on. */
    private void hold(boolean isOurs) {
        owned = isOurs;
        PoolOwner before = known;
        if (isOurs) {
            known = new PoolOwner(router, address, epoch, System.nanoTime() + LEASE.toNanos());
        } else if (before != null && before.epoch() == epoch) {
            known = null;
        }
    }

    /** Returns whose lease has not run out. Locks nothing: the owner's writes would wait for it. */
    private static Optional<PoolOwner> look(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT owner, address, epoch, extract(epoch FROM expires - now()) FROM pool WHERE name = ?")) {
            select.setString(1, POOL);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next() || row.getDouble(4) <= 0) {
                    return Optional.empty();
                }
                String marked = row.getString(1);
                return Optional.of(new PoolOwner(
                        marked.substring(0, Math.max(0, marked.lastIndexOf('/'))),
                        row.getString(2),
                        row.getLong(3),
                        System.nanoTime() + (long) (row.getDouble(4) * NANOS_PER_SECOND)));
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
                        "UPDATE pool SET address = ?, expires = " + UNTIL + " WHERE name = ? AND epoch = ?")) {
            update.setString(1, address);
            update.setString(2, POOL);
            update.setLong(3, epoch);
            hold(update.executeUpdate() == 1);
            return owned;
        } catch (SQLException failure) {
            throw PostgresFailures.of(database, "renewing the pool", failure);
        }
    }

    private synchronized void renewQuietly() {
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

    /** Returns what is said when another router has it, and remembers that and which. */
    synchronized StoreException fenced() {
        hold(false);
        try (Connection connection = connections.reader()) {
            known = look(connection).orElse(null);
        } catch (SQLException | StoreException failure) {
            LOGGER.atDebug().setCause(failure).log("Reading the owner of the pool failed");
        }
        return refusal();
    }

    private StoreException refusal() {
        String other = known().map(owner -> "router " + owner.router()).orElse("another router");
        return StoreException.fenced("pool " + POOL + " of " + database.shown() + " belongs to " + other
                + " (expected: " + router + "): nothing was written");
    }

    /** Gives the pool away, so that the next router need not wait for the end of the lease. */
    synchronized void release() {
        if (!owned) {
            return;
        }
        hold(false);
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

    @Override
    public void close() {
        renewals.shutdownNow();
        release();
    }
}
