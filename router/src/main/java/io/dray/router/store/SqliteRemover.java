package io.dray.router.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Removes old finished tasks of a SQLite store. It goes through them by id, a few at a time, and begins again after the
 * last: an index by time would cost each task a write. Confined to the store's thread.
 */
final class SqliteRemover {
    private static final int STEP = 1_000;
    /** In the table of numbers: the greatest id that may have been removed. */
    static final String LAST_REMOVED = "last_removed";

    private final Connection connection;
    private long afterId;

    SqliteRemover(Connection connection) {
        this.connection = connection;
    }

    /** Looks at the next few; returns false when they were the last. */
    boolean removeBefore(long unixMicros) throws SQLException {
        long downTo = afterId;
        long upTo = endOfStep();
        if (upTo == 0) {
            afterId = 0;
            return false;
        }
        connection.setAutoCommit(false);
        try {
            remember();
            delete(
                    "DELETE FROM task WHERE id IN (SELECT id FROM finished WHERE id > ? AND id <= ? AND finished < ?)",
                    downTo,
                    upTo,
                    unixMicros);
            delete("DELETE FROM finished WHERE id > ? AND id <= ? AND finished < ?", downTo, upTo, unixMicros);
            connection.commit();
            afterId = upTo;
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
        return true;
    }

    private long endOfStep() throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT max(id) FROM (SELECT id FROM finished WHERE id > ? ORDER BY id LIMIT " + STEP + ")")) {
            select.setLong(1, afterId);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    /** Else ids would come again when the newest task is among those that go. */
    private void remember() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO meta SELECT '" + LAST_REMOVED + "', max(id) FROM finished WHERE true"
                    + " ON CONFLICT(name) DO UPDATE SET value = max(value, excluded.value)");
        }
    }

    private void delete(String sql, long afterId, long upTo, long unixMicros) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(sql)) {
            delete.setLong(1, afterId);
            delete.setLong(2, upTo);
            delete.setLong(3, unixMicros);
            delete.executeUpdate();
        }
    }
}
