package io.dray.router.store;

import com.google.protobuf.ByteString;
import io.dray.router.store.Sql.Binding;
import io.dray.router.store.Sql.Reading;
import io.dray.router.tasks.Limit;
import io.dray.router.tasks.Page;
import io.dray.router.tasks.StateName;
import io.dray.router.tasks.TaskFilter;
import io.dray.router.tasks.TaskKey;
import io.dray.router.tasks.TaskSnapshot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The store in a PostgreSQL that several routers may use: one of them owns the pool under a lease, and each write looks
 * itself whether that is this one ({@link PoolLease}). Confined to one thread but for the lease's renewal.
 */
public final class PostgresStore implements Store {
    private static final int FETCH_ROWS = 5_000;

    private final PostgresAddress address;
    private final PostgresConnections connections;
    private final PoolLease lease;
    private final PostgresWriter writer;

    private PostgresStore(PostgresAddress address, PostgresConnections connections, PoolLease lease) {
        this.address = address;
        this.connections = connections;
        this.lease = lease;
        this.writer = new PostgresWriter(connections, new PostgresPartitions());
    }

    /**
     * Connects, brings the database to the newest schema and renews the pool once it is taken by {@link #take()}.
     *
     * @param router the name that other routers show for the owner
     */
    public static PostgresStore open(PostgresAddress address, String router) throws StoreException {
        PostgresStore store = openUnrenewed(address, router);
        store.lease.startRenewing();
        return store;
    }

    /** The same, but the pool is renewed by {@link #renew()} alone. */
    static PostgresStore openUnrenewed(PostgresAddress address, String router) throws StoreException {
        PostgresSchema.migrate(address);
        PostgresConnections connections = new PostgresConnections(address);
        return new PostgresStore(address, connections, new PoolLease(connections, address, router));
    }

    /** Prolongs the hold on the pool; returns false when another router has it. Any thread. */
    boolean renew() throws StoreException {
        return lease.renew();
    }

    @Override
    public long take() throws StoreException {
        return lease.take();
    }

    @Override
    public boolean isOwned() {
        return lease.isOwned();
    }

    @Override
    public long epoch() {
        return lease.epoch();
    }

    @Override
    public void advertise(String address) {
        lease.advertise(address);
    }

    @Override
    public Optional<PoolOwner> owner() {
        return lease.known();
    }

    @Override
    public void release() {
        lease.release();
    }

    @Override
    public void commit(List<Change> changes) throws StoreException {
        if (changes.isEmpty()) {
            return;
        }
        try {
            write(changes);
        } catch (SQLException failure) {
            if (!PostgresFailures.isLost(failure)) {
                throw PostgresFailures.of(address, "commit of " + changes.size() + " changes", failure);
            }
            settle(changes, failure);
        }
    }

    private void write(List<Change> changes) throws SQLException, StoreException {
        if (writer.write(changes, lease)) {
            return;
        }
        // After a pause of this process the lease may have run out with nobody to take it: then it goes on.
        if (!lease.renew() || !writer.write(changes, lease)) {
            throw lease.fenced();
        }
    }

    /** The connection broke before the database answered: what is there decides what is said. */
    private void settle(List<Change> changes, SQLException lost) throws StoreException {
        try {
            // Whatever broke this one has most likely broken the others.
            connections.evictAll();
            lease.confirm();
            switch (writer.outcome(changes)) {
                case ALL -> {}
                case NOTHING -> write(changes);
                case SOME ->
                    throw new StoreException("commit of " + changes.size() + " changes: some of them are in "
                            + address.shown() + " (expected: all or none)");
            }
        } catch (SQLException | StoreException failure) {
            failure.addSuppressed(lost);
            if (failure instanceof StoreException refused && refused.kind() != StoreException.Kind.AWAY) {
                throw refused;
            }
            throw StoreException.away(
                    "the connection to " + address.shown() + " broke in a commit of " + changes.size()
                            + " changes, and whether they are stored is unknown (expected: a PostgreSQL that answers;"
                            + " submit again with the same key): " + PostgresFailures.reason(failure),
                    failure);
        }
    }

    @Override
    public long lastId() throws StoreException {
        return read(
                "greatest id",
                "SELECT greatest((SELECT max(id) FROM task), (SELECT max(id) FROM finished),"
                        + " (SELECT max(last_removed) FROM pool), 0)",
                _ -> {},
                row -> row.next() ? row.getLong(1) : 0);
    }

    @Override
    public void forEachLive(Consumer<TaskSnapshot> each) throws StoreException {
        forEach("live tasks", liveWhere("true ORDER BY t.id"), row -> each.accept(SqliteRows.live(row)));
    }

    @Override
    public void forEachFinishedKey(Consumer<TaskKey> each) throws StoreException {
        forEach(
                "finished keys",
                "SELECT tenant, idempotency_key FROM finished WHERE idempotency_key IS NOT NULL",
                row -> each.accept(
                        new TaskKey(row.getString(1), SqliteRows.bytes(row, 2).toStringUtf8())));
    }

    @Override
    public Map<StateName, Long> finishedCounts() throws StoreException {
        String sql = "SELECT state, count(*) FROM finished GROUP BY state";
        return read("finished counts", sql, _ -> {}, row -> {
            Map<StateName, Long> counts = new EnumMap<>(StateName.class);
            while (row.next()) {
                counts.put(StateName.of(row.getInt(1)), row.getLong(2));
            }
            return counts;
        });
    }

    @Override
    public @Nullable StoredTask find(long id) throws StoreException {
        TaskSnapshot task = one("t.id = ?", statement -> statement.setLong(1, id));
        if (task == null) {
            return null;
        }
        ByteString payload = payloads(List.of(id)).getOrDefault(id, ByteString.EMPTY);
        return new StoredTask(task, payload);
    }

    @Override
    public @Nullable TaskSnapshot find(TaskKey key) throws StoreException {
        return one("tenant = ? AND idempotency_key = ? ORDER BY t.id DESC LIMIT 1", statement -> {
            statement.setString(1, key.tenant());
            statement.setBytes(2, PostgresColumn.bytesOf(key.key()));
        });
    }

    private @Nullable TaskSnapshot one(String condition, Binding binding) throws StoreException {
        Optional<TaskSnapshot> live = first("live task", liveWhere(condition), binding, SqliteRows::live);
        if (live.isPresent()) {
            return live.get();
        }
        return first("finished task", finishedWhere(condition, "result"), binding, SqliteRows::finished)
                .orElse(null);
    }

    private Optional<TaskSnapshot> first(String what, String sql, Binding binding, RowOf rows) throws StoreException {
        return read(what, sql, binding, row -> row.next() ? Optional.of(rows.read(row)) : Optional.empty());
    }

    @Override
    public Page finished(TaskFilter filter, long beforeId, int maxTasks, int maxExamined) throws StoreException {
        // Results are left out: a page would read up to 4 MiB for each.
        String sql = finishedWhere("t.id < ? ORDER BY t.id DESC LIMIT ?", "''::bytea");
        Binding binding = statement -> {
            statement.setLong(1, beforeId);
            statement.setInt(2, maxExamined);
        };
        return read("finished tasks", sql, binding, row -> SqliteRows.page(row, filter, maxTasks, maxExamined));
    }

    @Override
    public Map<Long, ByteString> payloads(Collection<Long> ids) throws StoreException {
        String sql = "SELECT id, payload FROM task WHERE id = ANY (?)"
                + " UNION ALL SELECT id, payload FROM finished WHERE id = ANY (?)";
        Binding binding = statement -> {
            var array = statement.getConnection().createArrayOf("bigint", ids.toArray(Long[]::new));
            statement.setArray(1, array);
            statement.setArray(2, array);
        };
        return read("payloads", sql, binding, row -> {
            Map<Long, ByteString> payloads = new HashMap<>();
            while (row.next()) {
                payloads.put(row.getLong(1), SqliteRows.bytes(row, 2));
            }
            return payloads;
        });
    }

    @Override
    public Set<String> nodesSince(long unixMicros) throws StoreException {
        Binding binding = statement -> statement.setLong(1, unixMicros);
        return read("nodes", "SELECT name FROM node WHERE seen >= ?", binding, PostgresStore::names);
    }

    private static Set<String> names(ResultSet row) throws SQLException {
        Set<String> names = new HashSet<>();
        while (row.next()) {
            names.add(row.getString(1));
        }
        return names;
    }

    @Override
    public void nodeSeen(String node, long unixMicros) throws StoreException {
        fenced("note of node " + node, () -> writer.nodeSeen(node, unixMicros, lease));
    }

    @Override
    public Set<String> cordoned() throws StoreException {
        return read("cordoned nodes", "SELECT name FROM node WHERE cordoned = 1", _ -> {}, PostgresStore::names);
    }

    @Override
    public void cordon(String node, boolean cordoned, long unixMicros) throws StoreException {
        fenced("cordon of node " + node, () -> writer.cordon(node, cordoned, unixMicros, lease));
    }

    @Override
    public List<Limit> limits() throws StoreException {
        String sql = "SELECT scope, name, max_running, rate, burst, strict FROM task_limit";
        return read("limits", sql, _ -> {}, row -> {
            List<Limit> limits = new ArrayList<>();
            while (row.next()) {
                limits.add(SqliteRows.limit(row));
            }
            return limits;
        });
    }

    @Override
    public void putLimit(Limit limit) throws StoreException {
        fenced("write of the limit of " + limit.name(), () -> writer.putLimit(limit, lease));
    }

    private interface Write {
        boolean run() throws SQLException, StoreException;
    }

    private void fenced(String what, Write write) throws StoreException {
        try {
            if (!write.run()) {
                throw lease.fenced();
            }
        } catch (SQLException failure) {
            throw PostgresFailures.of(address, what, failure);
        }
    }

    @Override
    public Removed removeFinishedBefore(long unixMicros) throws StoreException {
        try {
            return writer.removeFinishedBefore(unixMicros, lease);
        } catch (SQLException failure) {
            throw PostgresFailures.of(address, "removal of finished tasks", failure);
        }
    }

    @Override
    public int dropBodiesBefore(long unixMicros) throws StoreException {
        try {
            return writer.dropBodiesBefore(unixMicros, lease);
        } catch (SQLException failure) {
            throw PostgresFailures.of(address, "dropping payloads and results", failure);
        }
    }

    /** The database's host knows its disks; this one hears of it when a commit fails. */
    @Override
    public String whyFull() {
        return "";
    }

    @Override
    public Inspection inspection() {
        return PostgresInspection.of(this::read, address);
    }

    private static String liveWhere(String condition) {
        return "SELECT " + SqliteRows.SUBMISSION_COLUMNS + ", " + SqliteRows.LIVE_COLUMNS + " FROM task t WHERE "
                + condition;
    }

    private static String finishedWhere(String condition, String result) {
        return "SELECT " + SqliteRows.SUBMISSION_COLUMNS + ", "
                + SqliteRows.FINISHED_COLUMNS.replace(", result", ", " + result) + " FROM finished t WHERE "
                + condition;
    }

    private interface RowOf {
        TaskSnapshot read(ResultSet row) throws SQLException;
    }

    private interface EachRow {
        void accept(ResultSet row) throws SQLException;
    }

    private <R> R read(String what, String sql, Binding binding, Reading<R> reading) throws StoreException {
        try (Connection connection = connections.reader();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            binding.bind(statement);
            try (ResultSet row = statement.executeQuery()) {
                return reading.read(row);
            }
        } catch (SQLException failure) {
            throw PostgresFailures.of(address, "read of " + what, failure);
        }
    }

    /** Reads a table in steps: outside a transaction the driver would hold all of it at once. */
    private void forEach(String what, String sql, EachRow each) throws StoreException {
        try (Connection connection = connections.reader()) {
            connection.setAutoCommit(false);
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setFetchSize(FETCH_ROWS);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        each.accept(row);
                    }
                }
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException failure) {
            throw PostgresFailures.of(address, "read of " + what, failure);
        }
    }

    @Override
    public void close() {
        lease.close();
        connections.close();
    }
}
