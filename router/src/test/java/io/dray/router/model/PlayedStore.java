package io.dray.router.model;

import com.google.protobuf.ByteString;
import io.dray.router.store.Change;
import io.dray.router.store.Inspection;
import io.dray.router.store.Removed;
import io.dray.router.store.Store;
import io.dray.router.store.StoreException;
import io.dray.router.store.StoredTask;
import io.dray.router.tasks.Limit;
import io.dray.router.tasks.Page;
import io.dray.router.tasks.StateName;
import io.dray.router.tasks.TaskFilter;
import io.dray.router.tasks.TaskKey;
import io.dray.router.tasks.TaskSnapshot;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One router's way to the database, as {@code PostgresStore} is: fenced by the epoch, and at times in trouble. */
final class PlayedStore implements Store {
    /** What becomes of the commits. */
    enum Trouble {
        NONE,
        /** The database does not answer. */
        AWAY,
        /** The disk is full. */
        FULL,
        /** The next commit is done, but nobody hears of it. */
        ANSWER_LOST,
        /** The next commit is not done, and nobody hears of that. */
        WRITE_LOST
    }

    private final Database database;
    private final Ledger ledger;
    private final Reference reference;
    private Trouble trouble = Trouble.NONE;
    private long epoch;
    private boolean owned;

    PlayedStore(Database database, Reference reference, Ledger ledger) {
        this.database = database;
        this.reference = reference;
        this.ledger = ledger;
    }

    void meets(Trouble next) {
        trouble = next;
    }

    /** Prolongs the hold on the pool, or finds out that another has it. */
    void renew() {
        if (!owned || trouble == Trouble.AWAY) {
            return;
        }
        owned = isOwner();
        if (owned) {
            database.renew();
        }
    }

    /** Returns whether the pool is this router's, whatever it thinks. */
    boolean isOwner() {
        return epoch != 0 && database.epoch() == epoch;
    }

    private void reach() throws StoreException {
        if (trouble == Trouble.AWAY) {
            throw StoreException.away("the database does not answer", new IllegalStateException("away"));
        }
    }

    private StoreException fenced() {
        owned = false;
        ledger.count("fenced writes");
        return StoreException.fenced("the pool belongs to another");
    }

    @Override
    public long take() throws StoreException {
        reach();
        if (!isOwner()) {
            if (!database.isFree()) {
                throw StoreException.fenced("the pool belongs to another");
            }
            epoch = database.seize();
            ledger.count("takeovers");
        }
        database.renew();
        owned = true;
        reference.onTaken();
        return epoch;
    }

    @Override
    public boolean isOwned() {
        return owned;
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public void commit(List<Change> changes) throws StoreException {
        reach();
        if (!isOwner()) {
            throw fenced();
        }
        if (trouble == Trouble.FULL) {
            throw new StoreException("the disk is full");
        }
        Trouble now = trouble;
        if (now == Trouble.WRITE_LOST || now == Trouble.ANSWER_LOST) {
            trouble = Trouble.NONE;
        }
        if (now != Trouble.WRITE_LOST) {
            database.apply(changes);
        }
        if (now != Trouble.NONE) {
            ledger.count("commits of unknown outcome");
            throw StoreException.away("the connection broke in a commit", new IllegalStateException("broken"));
        }
    }

    @Override
    public long lastId() {
        return database.lastId();
    }

    @Override
    public void forEachLive(Consumer<TaskSnapshot> each) throws StoreException {
        reach();
        for (TaskSnapshot task : List.copyOf(database.tasks())) {
            if (!task.isEnded()) {
                each.accept(task);
            }
        }
    }

    @Override
    public void forEachFinishedKey(Consumer<TaskKey> each) {
        for (TaskSnapshot task : database.tasks()) {
            if (task.isEnded() && task.submission().hasKey()) {
                each.accept(task.submission().key());
            }
        }
    }

    @Override
    public Map<StateName, Long> finishedCounts() {
        return new EnumMap<>(StateName.class);
    }

    @Override
    public @Nullable StoredTask find(long id) throws StoreException {
        reach();
        TaskSnapshot task = database.find(id);
        return task == null ? null : new StoredTask(task, database.payload(id));
    }

    @Override
    public @Nullable TaskSnapshot find(TaskKey key) throws StoreException {
        reach();
        return database.find(key);
    }

    @Override
    public Page finished(TaskFilter filter, long beforeId, int maxTasks, int maxExamined) {
        return new Page(List.of(), Page.NOTHING_BELOW);
    }

    @Override
    public Removed removeFinishedBefore(long unixMicros) {
        return Removed.NOTHING;
    }

    @Override
    public int dropBodiesBefore(long unixMicros) {
        return 0;
    }

    @Override
    public String whyFull() {
        return "";
    }

    @Override
    public Inspection inspection() {
        throw new UnsupportedOperationException("nobody looks at this store as a whole");
    }

    @Override
    public Map<Long, ByteString> payloads(Collection<Long> ids) {
        Map<Long, ByteString> found = new HashMap<>();
        ids.forEach(id -> found.put(id, database.payload(id)));
        return found;
    }

    @Override
    public Set<String> nodesSince(long unixMicros) {
        return Set.of();
    }

    @Override
    public void nodeSeen(String node, long unixMicros) {}

    @Override
    public List<Limit> limits() {
        return List.copyOf(database.limits().values());
    }

    @Override
    public void putLimit(Limit limit) throws StoreException {
        reach();
        if (!isOwner()) {
            throw fenced();
        }
        database.put(limit);
    }

    @Override
    public Set<String> cordoned() {
        return Set.copyOf(database.cordoned());
    }

    @Override
    public void cordon(String node, boolean isCordoned, long unixMicros) throws StoreException {
        reach();
        if (!isOwner()) {
            throw fenced();
        }
        if (isCordoned) {
            database.cordoned().add(node);
        } else {
            database.cordoned().remove(node);
        }
    }

    @Override
    public void close() {}
}
