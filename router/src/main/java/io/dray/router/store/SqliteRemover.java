package io.dray.router.store;

import io.dray.router.tasks.StateName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Removes old finished tasks of a SQLite store, or their payloads and results. It goes through the tasks by id, a few at
 * a time, and begins again after the last: an index by time would cost each task a write. Confined to the store's thread.
 */
final class SqliteRemover {
    private static final int STEP = 500;
    /** Each may have 8 MiB. */
    private static final int BODIES_STEP = 100;
    /** In the table of numbers: the greatest id that may have been removed. */
    static final String LAST_REMOVED = "last_removed";

    private final Connection connection;
    private long afterId;

    SqliteRemover(Connection connection) {
        this.connection = connection;
    }

    /** Looks at the next few; no more are left when they were the last. */
    Removed removeBefore(long unixMicros) throws SQLException {
        long downTo = afterId;
        long upTo = endOfStep(unixMicros);
        if (upTo == 0) {
            afterId = 0;
            return Removed.NOTHING;
        }
        Map<StateName, Long> old = countOld(downTo, upTo, unixMicros);
        if (!old.isEmpty()) {
            remove(downTo, upTo, unixMicros);
        }
        afterId = upTo;
        return new Removed(old, true);
    }

    /** An id is not less than the time of its submission, so a task with a greater one has not ended before it. */
    private long endOfStep(long unixMicros) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT max(id) FROM"
                + " (SELECT id FROM finished WHERE id > ? AND id <= ? ORDER BY id LIMIT " + STEP + ")")) {
            select.setLong(1, afterId);
            select.setLong(2, unixMicros);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    private Map<StateName, Long> countOld(long downTo, long upTo, long unixMicros) throws SQLException {
        Map<StateName, Long> old = new EnumMap<>(StateName.class);
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT state, count(*) FROM finished" + " WHERE id > ? AND id <= ? AND finished < ? GROUP BY state")) {
            bind(select, downTo, upTo, unixMicros);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    old.put(StateName.of(row.getInt(1)), row.getLong(2));
                }
            }
        }
        return old;
    }

    private void remove(long downTo, long upTo, long unixMicros) throws SQLException {
        connection.setAutoCommit(false);
        try {
            remember();
            String old = "id > ? AND id <= ? AND finished < ?";
            delete(
                    "DELETE FROM task WHERE id IN (SELECT id FROM finished WHERE " + old + ")",
                    downTo,
                    upTo,
                    unixMicros);
            delete("DELETE FROM finished WHERE " + old, downTo, upTo, unixMicros);
            connection.commit();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** Else ids would come again when the newest task is among those that go. */
    private void remember() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO meta SELECT '" + LAST_REMOVED + "', max(id) FROM finished WHERE true"
                    + " ON CONFLICT(name) DO UPDATE SET value = max(value, excluded.value)");
        }
    }

    private void delete(String sql, long downTo, long upTo, long unixMicros) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(sql)) {
            bind(delete, downTo, upTo, unixMicros);
            delete.executeUpdate();
        }
    }

    private static void bind(PreparedStatement statement, long downTo, long upTo, long unixMicros) throws SQLException {
        statement.setLong(1, downTo);
        statement.setLong(2, upTo);
        statement.setLong(3, unixMicros);
    }

    /** Drops payload and result of the next few whose time has come; returns of how many. */
    int dropBodiesBefore(long unixMicros) throws SQLException {
        List<Long> due = due(unixMicros);
        if (due.isEmpty()) {
            return 0;
        }
        connection.setAutoCommit(false);
        try (PreparedStatement task = connection.prepareStatement("UPDATE task SET payload = x'' WHERE id = ?");
                PreparedStatement finished =
                        connection.prepareStatement("UPDATE finished SET result = x'', body_until = 0 WHERE id = ?")) {
            for (long id : due) {
                task.setLong(1, id);
                task.executeUpdate();
                finished.setLong(1, id);
                finished.executeUpdate();
            }
            connection.commit();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
        return due.size();
    }

    private List<Long> due(long unixMicros) throws SQLException {
        List<Long> due = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("SELECT id FROM finished"
                + " WHERE body_until > 0 AND body_until < ? ORDER BY body_until LIMIT " + BODIES_STEP)) {
            select.setLong(1, unixMicros);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    due.add(row.getLong(1));
                }
            }
        }
        return due;
    }
}
