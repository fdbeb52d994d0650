package io.dray.router.store;

import io.dray.router.tasks.StateName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The days of the finished tasks: partitions by UTC day, made ahead and dropped whole. Confined to one thread. */
final class PostgresPartitions {
    private static final Logger LOGGER = LoggerFactory.getLogger(PostgresPartitions.class);
    private static final String PREFIX = "finished_";
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
    /** Days further from today than this are of a clock that is off: they go to the partition of the rest. */
    private static final int NEAR_DAYS = 2;

    private static final int REST_STEP = 1_000;

    private final Set<LocalDate> made = new HashSet<>();

    /** Makes the days on which these changes end tasks, and the day after each. */
    void makeFor(Connection connection, List<Change> changes) throws SQLException {
        for (Change change : changes) {
            if (change.task().isEnded()) {
                makeAround(connection, PostgresColumn.finishedMicros(change.task()));
            }
        }
    }

    private void makeAround(Connection connection, long finishedMicros) throws SQLException {
        LocalDate day = day(finishedMicros);
        if (made.contains(day)) {
            return;
        }
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        if (day.isAfter(today.minusDays(NEAR_DAYS)) && day.isBefore(today.plusDays(NEAR_DAYS))) {
            make(connection, day);
            make(connection, day.plusDays(1));
        }
    }

    private void make(Connection connection, LocalDate day) throws SQLException {
        made.add(day);
        try (Statement statement = connection.createStatement()) {
            // It waits for whoever reads the table, such as a backup; commits must not wait for that.
            statement.execute("SET lock_timeout = '1s'");
            try {
                statement.execute("CREATE TABLE IF NOT EXISTS " + PREFIX + DAY.format(day)
                        + " PARTITION OF finished FOR VALUES FROM (" + startMicros(day) + ") TO ("
                        + startMicros(day.plusDays(1)) + ")");
            } finally {
                statement.execute("RESET lock_timeout");
            }
        } catch (SQLException failure) {
            if (PostgresFailures.isLost(failure)) {
                made.remove(day);
                throw failure;
            }
            // The rest takes them: it may have rows of that day already.
            LOGGER.atWarn()
                    .addKeyValue("day", day)
                    .addKeyValue("cause", PostgresFailures.reason(failure))
                    .log("Making a partition of finished tasks failed; they go to the partition of the rest");
        }
    }

    /** Drops the oldest day that is over before a time, else removes some of the rest. */
    Removed removeBefore(Connection connection, long unixMicros, String pool) throws SQLException {
        String oldest = oldest(connection);
        if (!oldest.isEmpty() && endMicros(oldest) <= unixMicros) {
            rememberLastId(connection, pool);
            return new Removed(drop(connection, oldest), true);
        }
        if (!hasRestBefore(connection, unixMicros)) {
            return Removed.NOTHING;
        }
        rememberLastId(connection, pool);
        return new Removed(removeRest(connection, unixMicros), true);
    }

    private Map<StateName, Long> drop(Connection connection, String partition) throws SQLException {
        Map<StateName, Long> counts = new EnumMap<>(StateName.class);
        try (Statement statement = connection.createStatement()) {
            // It waits for whoever reads the table, such as a backup; commits must not wait for that.
            statement.execute("SET LOCAL lock_timeout = '1s'");
            try (ResultSet row =
                    statement.executeQuery("SELECT state, count(*) FROM " + partition + " GROUP BY state")) {
                while (row.next()) {
                    counts.put(StateName.of(row.getInt(1)), row.getLong(2));
                }
            }
            statement.execute("DROP TABLE " + partition);
        }
        made.remove(day(endMicros(partition) - 1));
        return counts;
    }

    private static boolean hasRestBefore(Connection connection, long unixMicros) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT EXISTS (SELECT FROM finished_rest WHERE finished < ?)")) {
            select.setLong(1, unixMicros);
            try (ResultSet row = select.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private static Map<StateName, Long> removeRest(Connection connection, long unixMicros) throws SQLException {
        Map<StateName, Long> counts = new EnumMap<>(StateName.class);
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM finished_rest WHERE (id, finished) IN"
                + " (SELECT id, finished FROM finished_rest WHERE finished < ? LIMIT " + REST_STEP
                + ") RETURNING state")) {
            delete.setLong(1, unixMicros);
            try (ResultSet row = delete.executeQuery()) {
                while (row.next()) {
                    counts.merge(StateName.of(row.getInt(1)), 1L, Long::sum);
                }
            }
        }
        return counts;
    }

    /** Else ids would come again when the newest task is among those that go. */
    private static void rememberLastId(Connection connection, String pool) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE pool SET last_removed ="
                + " greatest(last_removed, (SELECT max(id) FROM finished)) WHERE name = ?")) {
            update.setString(1, pool);
            update.executeUpdate();
        }
    }

    private static String oldest(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
                                + " WHERE i.inhparent = 'finished'::regclass AND c.relname ~ '^finished_[0-9]{8}$'"
                                + " ORDER BY c.relname LIMIT 1")) {
            return row.next() ? row.getString(1) : "";
        }
    }

    private static long endMicros(String partition) {
        return startMicros(
                LocalDate.parse(partition.substring(PREFIX.length()), DAY).plusDays(1));
    }

    private static long startMicros(LocalDate day) {
        return TimeUnit.SECONDS.toMicros(day.atStartOfDay(ZoneOffset.UTC).toEpochSecond());
    }

    private static LocalDate day(long unixMicros) {
        return LocalDate.ofInstant(
                Instant.ofEpochSecond(Math.floorDiv(unixMicros, TimeUnit.SECONDS.toMicros(1))), ZoneOffset.UTC);
    }
}
