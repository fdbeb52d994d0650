package io.dray.router.store;

import static io.dray.router.store.PostgresColumn.FINISHED;
import static io.dray.router.store.PostgresColumn.ID;
import static io.dray.router.store.PostgresColumn.LIVE;
import static io.dray.router.store.PostgresColumn.SUBMISSION;
import static io.dray.router.store.PostgresColumn.joined;

import io.dray.router.tasks.Limit;
import io.dray.router.tasks.TaskSnapshot;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes the changes of one commit in one statement, which also looks who owns the pool. Confined to one thread. */
final class PostgresWriter {
    /* The statement has a part for each kind of change, all of them under the condition that the pool's row is still
     * ours; that row stays locked for share until the statement's end, so the pool cannot be taken in between. A task
     * stands in one part only: parts of one statement do not see what the others write. The statement is a transaction
     * of its own, so nothing is left open when the router dies, and a task that is not live ends it by an error. */

    private static final String FENCE = "fence AS MATERIALIZED (SELECT 1 FROM pool"
            + " WHERE name = ? AND owner = ? AND epoch = ? AND expires > now() FOR SHARE)";
    private static final String IF_OURS = "EXISTS (SELECT FROM fence)";
    private static final List<PostgresColumn> BORN_LIVE = joined(SUBMISSION, LIVE);
    private static final List<PostgresColumn> BORN_FINISHED = joined(SUBMISSION, FINISHED);
    private static final List<PostgresColumn> UPDATED = joined(List.of(ID), LIVE);
    private static final List<PostgresColumn> ENDED = joined(List.of(ID), FINISHED);
    private static final int FENCED = -1;
    /** Each may have 8 MiB. */
    private static final int BODIES_STEP = 100;

    private final PostgresConnections connections;
    private final PostgresPartitions partitions;
    /** By which of the kinds occur, as bits: what does not occur is neither parsed nor planned. */
    private final Map<Integer, String> statements = new HashMap<>();

    PostgresWriter(PostgresConnections connections, PostgresPartitions partitions) {
        this.connections = connections;
        this.partitions = partitions;
    }

    /** The changes of a commit by what they do to the tables. */
    private record Parts(List<Change> live, List<Change> finished, List<Change> updates, List<Change> ends) {
        static Parts of(List<Change> changes) {
            Parts parts = new Parts(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (Change change : changes) {
                parts.listFor(change).add(change);
            }
            return parts;
        }

        private List<Change> listFor(Change change) {
            return switch (change) {
                case Change.Insert insert -> insert.task().isEnded() ? finished : live;
                case Change.Update _ -> updates;
                case Change.Finish _ -> ends;
            };
        }

        int kinds() {
            return (live.isEmpty() ? 0 : 1)
                    | (finished.isEmpty() ? 0 : 2)
                    | (updates.isEmpty() ? 0 : 4)
                    | (ends.isEmpty() ? 0 : 8);
        }
    }

    /** Writes all of them, or none and returns false: then the pool is not this router's now. */
    boolean write(List<Change> changes, PoolLease lease) throws SQLException, StoreException {
        Parts parts = Parts.of(changes);
        try (Connection connection = connections.writer()) {
            partitions.makeFor(connection, changes);
            String sql = statements.computeIfAbsent(parts.kinds(), PostgresWriter::statement);
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                int next = bindFence(statement, lease);
                next = bind(connection, statement, next, BORN_LIVE, parts.live());
                next = bind(connection, statement, next, BORN_FINISHED, parts.finished());
                next = bind(connection, statement, next, UPDATED, parts.updates());
                next = bind(connection, statement, next, ENDED, parts.ends());
                statement.setLong(next, parts.updates().size() + parts.ends().size());
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getInt(1) != FENCED;
                }
            }
        }
    }

    /** Binds the first three parameters, whose place is the same in each statement that looks at the pool. */
    private static int bindFence(PreparedStatement statement, PoolLease lease) throws SQLException {
        statement.setString(1, lease.pool());
        statement.setString(2, lease.owner());
        statement.setLong(3, lease.epoch());
        return 4;
    }

    private static int bind(
            Connection connection,
            PreparedStatement statement,
            int next,
            List<PostgresColumn> columns,
            List<Change> changes)
            throws SQLException {
        return changes.isEmpty() ? next : PostgresColumn.bind(connection, statement, next, columns, changes);
    }

    private static String statement(int kinds) {
        StringBuilder sql = new StringBuilder("WITH ").append(FENCE);
        List<String> counted = new ArrayList<>();
        if ((kinds & 1) != 0) {
            sql.append(", born AS (").append(insert("task", BORN_LIVE)).append(")");
        }
        if ((kinds & 2) != 0) {
            sql.append(", born_finished AS (")
                    .append(insert("finished", BORN_FINISHED))
                    .append(")");
        }
        if ((kinds & 4) != 0) {
            sql.append(", updated AS (").append(update()).append(")");
            counted.add("(SELECT count(*) FROM updated)");
        }
        if ((kinds & 8) != 0) {
            sql.append(", ended AS (").append(delete()).append("), kept AS (INSERT INTO finished(");
            sql.append(PostgresColumn.names(BORN_FINISHED)).append(") SELECT * FROM ended)");
            counted.add("(SELECT count(*) FROM ended)");
        }
        String seen = counted.isEmpty() ? "0" : String.join(" + ", counted);
        return sql.append(" SELECT CASE WHEN ")
                .append(IF_OURS)
                .append(" THEN all_live(?, ")
                .append(seen)
                .append(") ELSE ")
                .append(FENCED)
                .append(" END")
                .toString();
    }

    private static String insert(String table, List<PostgresColumn> columns) {
        String names = PostgresColumn.names(columns);
        return "INSERT INTO " + table + "(" + names + ") SELECT " + names + " FROM " + PostgresColumn.rows(columns)
                + " WHERE " + IF_OURS;
    }

    private static String update() {
        List<String> sets = LIVE.stream()
                .map(column -> column.name() + " = c." + column.name())
                .toList();
        return "UPDATE task t SET " + String.join(", ", sets) + " FROM " + PostgresColumn.rows(UPDATED)
                + " WHERE t.id = c.id AND " + IF_OURS + " RETURNING 1";
    }

    /** The payload goes from table to table without coming here. */
    private static String delete() {
        List<String> kept = new ArrayList<>();
        SUBMISSION.forEach(column -> kept.add("t." + column.name()));
        FINISHED.forEach(column -> kept.add("c." + column.name()));
        return "DELETE FROM task t USING " + PostgresColumn.rows(ENDED) + " WHERE t.id = c.id AND " + IF_OURS
                + " RETURNING " + String.join(", ", kept);
    }

    /** Notes a node, or returns false: then the pool is not this router's now. */
    boolean nodeSeen(String node, long unixMicros, PoolLease lease) throws SQLException, StoreException {
        try (Connection connection = connections.writer();
                PreparedStatement statement = connection.prepareStatement("WITH " + FENCE
                        + " INSERT INTO node AS n (name, seen) SELECT ?, ? WHERE " + IF_OURS
                        + " ON CONFLICT (name) DO UPDATE SET seen = greatest(n.seen, excluded.seen)")) {
            int next = bindFence(statement, lease);
            statement.setString(next, node);
            statement.setLong(next + 1, unixMicros);
            return statement.executeUpdate() == 1;
        }
    }

    /** Notes whether a node is cordoned, or returns false: then the pool is not this router's now. */
    boolean cordon(String node, boolean cordoned, long unixMicros, PoolLease lease)
            throws SQLException, StoreException {
        try (Connection connection = connections.writer();
                PreparedStatement statement = connection.prepareStatement("WITH " + FENCE
                        + " INSERT INTO node (name, seen, cordoned) SELECT ?, ?, ? WHERE " + IF_OURS
                        + " ON CONFLICT (name) DO UPDATE SET cordoned = excluded.cordoned")) {
            int next = bindFence(statement, lease);
            statement.setString(next, node);
            statement.setLong(next + 1, unixMicros);
            statement.setInt(next + 2, cordoned ? 1 : 0);
            return statement.executeUpdate() == 1;
        }
    }

    /** Replaces or removes a limit, or returns false: then the pool is not this router's now. */
    boolean putLimit(Limit limit, PoolLease lease) throws SQLException, StoreException {
        String change = limit.isNone()
                ? ", gone AS (DELETE FROM task_limit WHERE scope = ? AND name = ? AND " + IF_OURS + ")"
                : ", put AS (INSERT INTO task_limit SELECT ?, ?, ?, ?, ?, ? WHERE " + IF_OURS
                        + " ON CONFLICT (scope, name) DO UPDATE SET max_running = excluded.max_running,"
                        + " rate = excluded.rate, burst = excluded.burst, strict = excluded.strict)";
        try (Connection connection = connections.writer();
                PreparedStatement statement =
                        connection.prepareStatement("WITH " + FENCE + change + " SELECT " + IF_OURS)) {
            int next = bindFence(statement, lease);
            statement.setInt(next, limit.scope().number());
            statement.setString(next + 1, limit.name());
            if (!limit.isNone()) {
                statement.setInt(next + 2, limit.maxRunning());
                statement.setDouble(next + 3, limit.ratePerSecond());
                statement.setInt(next + 4, limit.burst());
                statement.setInt(next + 5, limit.strict() ? 1 : 0);
            }
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** Removes a day of finished tasks, or some that have none. */
    Removed removeFinishedBefore(long unixMicros, PoolLease lease) throws SQLException, StoreException {
        return inTransaction(lease, connection -> partitions.removeBefore(connection, unixMicros, lease.pool()));
    }

    /** Drops payload and result of some finished tasks; returns of how many. */
    int dropBodiesBefore(long unixMicros, PoolLease lease) throws SQLException, StoreException {
        return inTransaction(lease, connection -> {
            try (PreparedStatement update = connection.prepareStatement("UPDATE finished f SET payload = ''::bytea,"
                    + " result = ''::bytea, body_until = 0 FROM (SELECT id, finished FROM finished"
                    + " WHERE body_until > 0 AND body_until < ? LIMIT " + BODIES_STEP + ") due"
                    + " WHERE f.id = due.id AND f.finished = due.finished")) {
                update.setLong(1, unixMicros);
                return update.executeUpdate();
            }
        });
    }

    /** Several statements that happen together, while the pool is this router's. */
    private interface Work<R> {
        R in(Connection connection) throws SQLException;
    }

    private <R> R inTransaction(PoolLease lease, Work<R> work) throws SQLException, StoreException {
        try (Connection connection = connections.writer()) {
            connection.setAutoCommit(false);
            try (PreparedStatement fence = connection.prepareStatement("WITH " + FENCE + " SELECT FROM fence")) {
                bindFence(fence, lease);
                try (ResultSet row = fence.executeQuery()) {
                    if (!row.next()) {
                        throw lease.fenced();
                    }
                }
                R done = work.in(connection);
                connection.commit();
                return done;
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    /** How much of a commit is in the database. */
    enum Outcome {
        ALL,
        NOTHING,
        SOME
    }

    /** Looks which of the changes are in the database: after the lease was confirmed, nothing of them comes later. */
    Outcome outcome(List<Change> changes) throws SQLException, StoreException {
        Map<Long, TaskSnapshot> wanted = new HashMap<>();
        changes.forEach(change -> wanted.put(change.task().id(), change.task()));
        int stand = 0;
        try (Connection connection = connections.writer();
                PreparedStatement select =
                        connection.prepareStatement("SELECT id, revision, token, state FROM task WHERE id = ANY (?)"
                                + " UNION ALL SELECT id, revision, token, state FROM finished WHERE id = ANY (?)")) {
            Array ids = connection.createArrayOf("bigint", wanted.keySet().toArray(Long[]::new));
            select.setArray(1, ids);
            select.setArray(2, ids);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    TaskSnapshot task = wanted.get(row.getLong(1));
                    if (task != null
                            && row.getLong(2) == task.revision()
                            && row.getLong(3) == task.attempts().token()
                            && row.getInt(4) == task.state().name().number()) {
                        stand++;
                    }
                }
            }
        }
        if (stand == 0) {
            return Outcome.NOTHING;
        }
        return stand == wanted.size() ? Outcome.ALL : Outcome.SOME;
    }
}
