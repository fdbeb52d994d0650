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
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The store in one SQLite file: WAL with synchronous=FULL, so a commit is fsynced; locking_mode=EXCLUSIVE, so the file
 * belongs to one router at a time. Confined to one thread.
 */
public final class SqliteStore implements Store {
    private static final Logger LOGGER = LoggerFactory.getLogger(SqliteStore.class);
    private static final int CHECKPOINT_PAGES = 4_000;
    private static final int CACHE_KIBIBYTES = 8_192;
    private static final long LEAST_FREE_BYTES = 2L << 20;
    /** Left free for the ends of tasks that are in already; of a small disk a twentieth. */
    private static final long RESERVE_BYTES = 32L << 20;

    private static final int RESERVE_SHARE = 20;

    private final Path file;
    private final Connection connection;
    private final SqliteWriter writer;
    private final SqliteRemover remover;
    private final long epoch;

    private SqliteStore(Path file, Connection connection) throws SQLException {
        this.file = file;
        this.connection = connection;
        this.writer = new SqliteWriter(connection);
        this.remover = new SqliteRemover(connection);
        this.epoch = writer.nextEpoch();
    }

    /** Opens or makes the file, brings it to the newest schema and takes it for this process. */
    public static SqliteStore open(Path file) throws StoreException {
        Connection connection = null;
        try {
            Path parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
                requireRoom(file, parent);
                requireWhole(file);
                SqliteLibrary.unpackInto(parent);
            }
            connection = config().createConnection("jdbc:sqlite:" + file);
            SqliteSchema.migrate(connection, file);
            return new SqliteStore(file, connection);
        } catch (SQLException failure) {
            closeAfter(connection, failure);
            throw openFailed(file, failure);
        } catch (StoreException failure) {
            closeAfter(connection, failure);
            throw failure;
        } catch (IOException failure) {
            throw openFailed(file, failure);
        }
    }

    /** The driver needs 1.1 MB of it for its library, and on a full disk it says so in two stack traces. */
    private static void requireRoom(Path file, Path folder) throws IOException, StoreException {
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free < LEAST_FREE_BYTES) {
            throw new StoreException("store.path: %s: no space left: %s has %,d KB free (expected: at least %,d KB)"
                    .formatted(file, folder, free / 1_024, LEAST_FREE_BYTES / 1_024));
        }
    }

    /** SQLite takes an empty file for a new one and throws away the log beside it, with all that was acknowledged. */
    private static void requireWhole(Path file) throws IOException, StoreException {
        Path log = log(file);
        if (Files.exists(file) && Files.size(file) == 0 && Files.exists(log) && Files.size(log) > 0) {
            throw new StoreException("store.path: " + file + " is empty, but " + log + " holds tasks (expected: both as"
                    + " the last router left them): put the file back from where it was, or move both away");
        }
    }

    /** Returns the log beside a file. */
    static Path log(Path file) {
        return Path.of(file + "-wal");
    }

    private static SQLiteConfig config() {
        SQLiteConfig config = new SQLiteConfig();
        // Before anything touches the WAL: then SQLite needs no shared memory file and nobody else gets in.
        config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setPragma(SQLiteConfig.Pragma.WAL_AUTOCHECKPOINT, String.valueOf(CHECKPOINT_PAGES));
        config.setCacheSize(-CACHE_KIBIBYTES);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        config.setBusyTimeout(0);
        return config;
    }

    private static StoreException openFailed(Path file, Exception failure) {
        if (failure instanceof SQLiteException sqlite && isLocked(sqlite.getResultCode())) {
            return new StoreException(
                    "store.path: " + file + " is in use by another process (expected: one router per file):"
                            + " stop the other router or set another store.path",
                    failure);
        }
        return new StoreException(
                "store.path: " + file + " cannot be opened (expected: a SQLite file of Dray, or none yet, in a folder"
                        + " that this user may write): " + reason(failure),
                failure);
    }

    /** What is at the bottom of it: the driver says no more above than that it could not. */
    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    private static boolean isLocked(SQLiteErrorCode code) {
        return (code.code & 0xff) == SQLiteErrorCode.SQLITE_BUSY.code
                || (code.code & 0xff) == SQLiteErrorCode.SQLITE_LOCKED.code;
    }

    private static void closeAfter(@Nullable Connection connection, Exception failure) {
        if (connection == null) {
            return;
        }
        try {
            connection.close();
        } catch (SQLException also) {
            failure.addSuppressed(also);
        }
    }

    @Override
    public long take() {
        return epoch;
    }

    @Override
    public boolean isOwned() {
        return true;
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public void commit(List<Change> changes) throws StoreException {
        try {
            writer.commit(changes);
        } catch (SQLException failure) {
            throw failed("commit of " + changes.size() + " changes", failure);
        }
    }

    @Override
    public long lastId() throws StoreException {
        return read(
                "last id",
                "SELECT max(coalesce((SELECT max(id) FROM task), 0),"
                        + " coalesce((SELECT value FROM meta WHERE name = '" + SqliteRemover.LAST_REMOVED + "'), 0))",
                _ -> {},
                row -> row.next() ? row.getLong(1) : 0);
    }

    @Override
    public void forEachLive(Consumer<TaskSnapshot> each) throws StoreException {
        read("live tasks", liveWhere("TRUE ORDER BY t.id"), _ -> {}, row -> {
            while (row.next()) {
                each.accept(SqliteRows.live(row));
            }
            return true;
        });
    }

    @Override
    public void forEachFinishedKey(Consumer<TaskKey> each) throws StoreException {
        String keys = "SELECT tenant, idempotency_key FROM task t WHERE idempotency_key IS NOT NULL"
                + " AND NOT EXISTS (SELECT 1 FROM live WHERE live.id = t.id)";
        read("finished keys", keys, _ -> {}, row -> {
            while (row.next()) {
                each.accept(new TaskKey(row.getString(1), row.getString(2)));
            }
            return true;
        });
    }

    @Override
    public Map<StateName, Long> finishedCounts() throws StoreException {
        return read("counts", "SELECT state, count(*) FROM finished GROUP BY state", _ -> {}, row -> {
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
        return new StoredTask(task, payloads(List.of(id)).getOrDefault(id, ByteString.EMPTY));
    }

    @Override
    public @Nullable TaskSnapshot find(TaskKey key) throws StoreException {
        return one("tenant = ? AND idempotency_key = ?", statement -> {
            statement.setString(1, key.tenant());
            statement.setString(2, key.key());
        });
    }

    private @Nullable TaskSnapshot one(String condition, Binding binding) throws StoreException {
        Optional<TaskSnapshot> live = read(
                "live task",
                liveWhere(condition),
                binding,
                row -> row.next() ? Optional.of(SqliteRows.live(row)) : Optional.empty());
        if (live.isPresent()) {
            return live.get();
        }
        Optional<TaskSnapshot> finished = read(
                "finished task",
                finishedWhere(condition),
                binding,
                row -> row.next() ? Optional.of(SqliteRows.finished(row)) : Optional.empty());
        return finished.orElse(null);
    }

    @Override
    public Page finished(TaskFilter filter, long beforeId, int maxTasks, int maxExamined) throws StoreException {
        Binding binding = statement -> {
            statement.setLong(1, beforeId);
            statement.setInt(2, maxExamined);
        };
        return read(
                "finished tasks", finishedBelow(), binding, row -> SqliteRows.page(row, filter, maxTasks, maxExamined));
    }

    @Override
    public Map<Long, ByteString> payloads(Collection<Long> ids) throws StoreException {
        Map<Long, ByteString> payloads = new HashMap<>();
        for (long id : ids) {
            read("payload", "SELECT payload FROM task WHERE id = ?", statement -> statement.setLong(1, id), row -> {
                if (row.next()) {
                    payloads.put(id, SqliteRows.bytes(row, 1));
                }
                return true;
            });
        }
        return payloads;
    }

    @Override
    public Set<String> nodesSince(long unixMicros) throws StoreException {
        Binding binding = statement -> statement.setLong(1, unixMicros);
        return read("nodes", "SELECT name FROM node WHERE seen >= ?", binding, row -> {
            Set<String> nodes = new HashSet<>();
            while (row.next()) {
                nodes.add(row.getString(1));
            }
            return nodes;
        });
    }

    @Override
    public Set<String> cordoned() throws StoreException {
        return read("cordoned nodes", "SELECT name FROM node WHERE cordoned = 1", _ -> {}, row -> {
            Set<String> nodes = new HashSet<>();
            while (row.next()) {
                nodes.add(row.getString(1));
            }
            return nodes;
        });
    }

    @Override
    public void cordon(String node, boolean cordoned, long unixMicros) throws StoreException {
        try {
            writer.cordon(node, cordoned, unixMicros);
        } catch (SQLException failure) {
            throw failed("cordon of node " + node, failure);
        }
    }

    @Override
    public void nodeSeen(String node, long unixMicros) throws StoreException {
        try {
            writer.nodeSeen(node, unixMicros);
        } catch (SQLException failure) {
            throw failed("note of node " + node, failure);
        }
    }

    @Override
    public List<Limit> limits() throws StoreException {
        String all = "SELECT scope, name, max_running, rate, burst, strict FROM task_limit";
        return read("limits", all, _ -> {}, row -> {
            List<Limit> limits = new ArrayList<>();
            while (row.next()) {
                limits.add(SqliteRows.limit(row));
            }
            return limits;
        });
    }

    @Override
    public void putLimit(Limit limit) throws StoreException {
        try {
            writer.putLimit(limit);
        } catch (SQLException failure) {
            throw failed("write of the limit of " + limit.name(), failure);
        }
    }

    @Override
    public Removed removeFinishedBefore(long unixMicros) throws StoreException {
        try {
            return remover.removeBefore(unixMicros);
        } catch (SQLException failure) {
            throw failed("removal of finished tasks", failure);
        }
    }

    @Override
    public int dropBodiesBefore(long unixMicros) throws StoreException {
        try {
            return remover.dropBodiesBefore(unixMicros);
        } catch (SQLException failure) {
            throw failed("dropping payloads and results", failure);
        }
    }

    @Override
    public String whyFull() throws StoreException {
        try {
            FileStore disk = Files.getFileStore(file.toAbsolutePath());
            long reserve = Math.min(RESERVE_BYTES, disk.getTotalSpace() / RESERVE_SHARE);
            long free = disk.getUsableSpace();
            return free >= reserve
                    ? ""
                    : "the disk of %s has %,d KB free (expected: at least %,d KB)"
                            .formatted(file, free / 1_024, reserve / 1_024);
        } catch (IOException failure) {
            throw new StoreException("store.path: " + file + ": its disk does not tell its room", failure);
        }
    }

    @Override
    public Inspection inspection() {
        return SqliteInspection.of(this::read, file);
    }

    private static String liveWhere(String condition) {
        return "SELECT " + SqliteRows.SUBMISSION_COLUMNS + ", " + SqliteRows.LIVE_COLUMNS
                + " FROM task t JOIN live s ON s.id = t.id WHERE " + condition;
    }

    private static String finishedWhere(String condition) {
        return "SELECT " + SqliteRows.SUBMISSION_COLUMNS + ", " + SqliteRows.FINISHED_COLUMNS
                + " FROM task t JOIN finished s ON s.id = t.id WHERE " + condition;
    }

    /** Results are left out: a page would read up to 4 MiB for each. */
    private static String finishedBelow() {
        return finishedWhere("t.id < ? ORDER BY t.id DESC LIMIT ?").replace(", result", ", x''");
    }

    private <R> R read(String what, String sql, Binding binding, Reading<R> reading) throws StoreException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            binding.bind(statement);
            try (ResultSet row = statement.executeQuery()) {
                return reading.read(row);
            }
        } catch (SQLException failure) {
            throw failed("read of " + what, failure);
        }
    }

    private StoreException failed(String what, SQLException failure) {
        String message = what + " failed in " + file + " (expected: a disk with room that can be written): "
                + failure.getMessage();
        boolean isFull = failure instanceof SQLiteException sqlite
                && (sqlite.getResultCode().code & 0xff) == SQLiteErrorCode.SQLITE_FULL.code;
        return isFull ? StoreException.full(message, failure) : new StoreException(message, failure);
    }

    @Override
    public void close() {
        try {
            writer.close();
            connection.close();
        } catch (SQLException failure) {
            // Everything acknowledged is committed already; the WAL is read again at the next start.
            LOGGER.atWarn().setCause(failure).addKeyValue("file", file).log("Closing the store failed");
        }
    }
}
