package io.dray.router.store;

import io.dray.router.tasks.Limit;
import io.dray.router.tasks.TaskSnapshot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The writing statements of a SQLite store, prepared once. Confined to the store's thread. */
final class SqliteWriter implements AutoCloseable {
    private static final int INSERT_PARAMETERS_LIVE = 17;
    private static final int INSERT_PARAMETERS_FINISHED = 13;

    private final Connection connection;
    private final PreparedStatement insertTask;
    private final PreparedStatement insertLive;
    private final PreparedStatement updateLive;
    private final PreparedStatement deleteLive;
    private final PreparedStatement insertFinished;
    private final PreparedStatement upsertNode;
    private final PreparedStatement upsertLimit;
    private final PreparedStatement deleteLimit;

    SqliteWriter(Connection connection) throws SQLException {
        this.connection = connection;
        insertTask = connection.prepareStatement(
                "INSERT INTO task(id, tenant, principal, idempotency_key, fingerprint, submitted, spec, payload)"
                        + " VALUES " + marks(8));
        insertLive = connection.prepareStatement(
                "INSERT INTO live(" + SqliteRows.LIVE_COLUMNS + ", id) VALUES " + marks(INSERT_PARAMETERS_LIVE));
        updateLive = connection.prepareStatement("UPDATE live SET (" + SqliteRows.LIVE_COLUMNS + ") = "
                + marks(INSERT_PARAMETERS_LIVE - 1) + " WHERE id = ?");
        deleteLive = connection.prepareStatement("DELETE FROM live WHERE id = ?");
        insertFinished = connection.prepareStatement("INSERT INTO finished(" + SqliteRows.FINISHED_COLUMNS + ", "
                + SqliteRows.BODY_COLUMN + ", id) VALUES " + marks(INSERT_PARAMETERS_FINISHED));
        upsertNode = connection.prepareStatement("INSERT INTO node(name, seen) VALUES (?, ?)"
                + " ON CONFLICT(name) DO UPDATE SET seen = max(seen, excluded.seen)");
        upsertLimit = connection.prepareStatement(
                "INSERT OR REPLACE INTO task_limit(scope, name, max_running, rate, burst, strict) VALUES " + marks(6));
        deleteLimit = connection.prepareStatement("DELETE FROM task_limit WHERE scope = ? AND name = ?");
    }

    private static String marks(int count) {
        return "(" + "?, ".repeat(count - 1) + "?)";
    }

    long nextEpoch() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "UPDATE meta SET value = value + 1 WHERE name = 'epoch' RETURNING value")) {
            row.next();
            return row.getLong(1);
        }
    }

    void nodeSeen(String node, long unixMicros) throws SQLException {
        upsertNode.setString(1, node);
        upsertNode.setLong(2, unixMicros);
        upsertNode.executeUpdate();
    }

    void putLimit(Limit limit) throws SQLException {
        PreparedStatement statement = limit.isNone() ? deleteLimit : upsertLimit;
        statement.setInt(1, limit.scope().number());
        statement.setString(2, limit.name());
        if (!limit.isNone()) {
            statement.setInt(3, limit.maxRunning());
            statement.setDouble(4, limit.ratePerSecond());
            statement.setInt(5, limit.burst());
            statement.setInt(6, limit.strict() ? 1 : 0);
        }
        statement.executeUpdate();
    }

    /** Rare, so it is prepared each time. */
    void cordon(String node, boolean cordoned, long unixMicros) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement("INSERT INTO node(name, seen, cordoned)"
                + " VALUES (?, ?, ?) ON CONFLICT(name) DO UPDATE SET cordoned = excluded.cordoned")) {
            upsert.setString(1, node);
            upsert.setLong(2, unixMicros);
            upsert.setInt(3, cordoned ? 1 : 0);
            upsert.executeUpdate();
        }
    }

    /** Writes all changes in one transaction, or none of them. */
    void commit(List<Change> changes) throws SQLException {
        connection.setAutoCommit(false);
        try {
            for (Change change : changes) {
                write(change);
            }
            connection.commit();
        } catch (SQLException | RuntimeException failure) {
            rollBack(failure);
            throw failure;
        }
        connection.setAutoCommit(true);
    }

    /** Where the disk is full SQLite has done so already, and says that there is nothing to end. */
    private void rollBack(Exception failure) {
        try {
            connection.rollback();
        } catch (SQLException also) {
            failure.addSuppressed(also);
        }
        try {
            connection.setAutoCommit(true);
        } catch (SQLException also) {
            failure.addSuppressed(also);
        }
    }

    private void write(Change change) throws SQLException {
        switch (change) {
            case Change.Insert insert -> {
                SqliteRows.bindSubmission(insertTask, insert.task(), insert.payload());
                insertTask.executeUpdate();
                writeState(insert.task());
            }
            case Change.Update update -> {
                SqliteRows.bindLive(updateLive, update.task());
                expectOne(updateLive.executeUpdate(), update.task());
            }
            case Change.Finish finish -> {
                deleteLive.setLong(1, finish.task().id());
                expectOne(deleteLive.executeUpdate(), finish.task());
                writeState(finish.task());
            }
        }
    }

    private void writeState(TaskSnapshot task) throws SQLException {
        if (task.isEnded()) {
            SqliteRows.bindFinished(insertFinished, task);
            insertFinished.executeUpdate();
            return;
        }
        SqliteRows.bindLive(insertLive, task);
        insertLive.executeUpdate();
    }

    /** A task that is not live in the store was lost or ended behind our back: nothing of the group may stand. */
    private static void expectOne(int rows, TaskSnapshot task) throws SQLException {
        if (rows != 1) {
            throw new SQLException("live rows of task " + task.id() + ": " + rows + " (expected: 1)");
        }
    }

    @Override
    public void close() throws SQLException {
        insertTask.close();
        insertLive.close();
        updateLive.close();
        deleteLive.close();
        insertFinished.close();
        upsertNode.close();
        upsertLimit.close();
        deleteLimit.close();
    }
}
