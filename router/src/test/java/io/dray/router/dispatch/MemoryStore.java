package io.dray.router.dispatch;

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
import io.dray.router.tasks.TaskState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A store in memory that outlives the dispatchers of a test, counts commits and can be told to fail. */
final class MemoryStore implements Store {
    private final TreeMap<Long, TaskSnapshot> tasks = new TreeMap<>();
    private final Map<Long, ByteString> payloads = new HashMap<>();
    private final List<List<Change>> commits = new ArrayList<>();
    private final Map<String, Limit> limits = new TreeMap<>();
    private final Set<String> cordoned = new HashSet<>();
    private long epoch;
    private int findsByKey;
    private String whyFull = "";
    private boolean failing;
    private boolean takenByAnother;
    private int releases;

    void restart() {
        epoch++;
    }

    void failFromNowOn(boolean fail) {
        failing = fail;
    }

    /** Another router takes the store, or gives it back. */
    void takenByAnother(boolean taken) {
        takenByAnother = taken;
        if (!taken) {
            epoch++;
        }
    }

    /** Returns how often the store was given away. */
    int releases() {
        return releases;
    }

    @Override
    public void release() {
        releases++;
    }

    List<List<Change>> commits() {
        return commits;
    }

    int findsByKey() {
        return findsByKey;
    }

    Map<Long, TaskSnapshot> tasks() {
        return tasks;
    }

    @Override
    public long take() throws StoreException {
        check();
        return epoch;
    }

    @Override
    public boolean isOwned() {
        return !takenByAnother;
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public void commit(List<Change> changes) throws StoreException {
        check();
        if (!whyFull.isEmpty() && changes.stream().anyMatch(Change.Insert.class::isInstance)) {
            throw StoreException.full(whyFull, new IOException("no space left"));
        }
        for (Change change : changes) {
            TaskSnapshot before = tasks.get(change.task().id());
            boolean isInsert = change instanceof Change.Insert;
            if (isInsert != (before == null) || (before != null && before.isEnded())) {
                throw new StoreException(change + " does not fit " + before);
            }
        }
        for (Change change : changes) {
            tasks.put(change.task().id(), change.task());
            if (change instanceof Change.Insert insert) {
                payloads.put(insert.task().id(), insert.payload());
            }
        }
        commits.add(List.copyOf(changes));
    }

    private void check() throws StoreException {
        if (takenByAnother) {
            throw StoreException.fenced("the pool belongs to another");
        }
        if (failing) {
            throw new StoreException("the disk is full");
        }
    }

    @Override
    public long lastId() {
        return tasks.isEmpty() ? 0 : tasks.lastKey();
    }

    @Override
    public void forEachLive(Consumer<TaskSnapshot> each) throws StoreException {
        check();
        tasks.values().stream().filter(task -> !task.isEnded()).forEach(each);
    }

    @Override
    public void forEachFinishedKey(Consumer<TaskKey> each) {
        tasks.values().stream()
                .filter(task -> task.isEnded() && task.submission().hasKey())
                .forEach(task -> each.accept(task.submission().key()));
    }

    @Override
    public Map<StateName, Long> finishedCounts() {
        Map<StateName, Long> counts = new EnumMap<>(StateName.class);
        tasks.values().stream()
                .filter(TaskSnapshot::isEnded)
                .forEach(task -> counts.merge(task.state().name(), 1L, Long::sum));
        return counts;
    }

    @Override
    public @Nullable StoredTask find(long id) throws StoreException {
        check();
        TaskSnapshot task = tasks.get(id);
        return task == null ? null : new StoredTask(task, payloads.getOrDefault(id, ByteString.EMPTY));
    }

    @Override
    public @Nullable TaskSnapshot find(TaskKey key) {
        findsByKey++;
        return tasks.values().stream()
                .filter(task ->
                        task.submission().hasKey() && task.submission().key().equals(key))
                .findFirst()
                .orElse(null);
    }

    @Override
    public Page finished(TaskFilter filter, long beforeId, int maxTasks, int maxExamined) {
        List<TaskSnapshot> found = tasks.headMap(beforeId, false).descendingMap().values().stream()
                .filter(task -> task.isEnded() && filter.matches(task))
                .limit(maxTasks)
                .toList();
        return new Page(found, found.size() == maxTasks ? found.getLast().id() : Page.NOTHING_BELOW);
    }

    @Override
    public Removed removeFinishedBefore(long unixMicros) {
        Map<StateName, Long> gone = new EnumMap<>(StateName.class);
        tasks.values().removeIf(task -> {
            boolean isOld = task.state() instanceof TaskState.Ended ended && ended.finishedMicros() < unixMicros;
            if (isOld) {
                gone.merge(task.state().name(), 1L, Long::sum);
            }
            return isOld;
        });
        return new Removed(gone, false);
    }

    @Override
    public int dropBodiesBefore(long unixMicros) {
        int before = payloads.size();
        tasks.values().stream()
                .filter(task -> task.bodyUntilMicros() > 0 && task.bodyUntilMicros() < unixMicros)
                .forEach(task -> payloads.remove(task.id()));
        return before - payloads.size();
    }

    @Override
    public String whyFull() {
        return whyFull;
    }

    void whyFull(String why) {
        whyFull = why;
    }

    @Override
    public Inspection inspection() {
        throw new UnsupportedOperationException("a store in memory is looked at by its test");
    }

    @Override
    public Map<Long, ByteString> payloads(Collection<Long> ids) {
        Map<Long, ByteString> found = new HashMap<>();
        ids.forEach(id -> found.put(id, payloads.getOrDefault(id, ByteString.EMPTY)));
        return found;
    }

    @Override
    public Set<String> nodesSince(long unixMicros) {
        return Set.of();
    }

    @Override
    public Set<String> cordoned() {
        return Set.copyOf(cordoned);
    }

    @Override
    public void cordon(String node, boolean isCordoned, long unixMicros) throws StoreException {
        check();
        if (isCordoned) {
            cordoned.add(node);
        } else {
            cordoned.remove(node);
        }
    }

    @Override
    public void nodeSeen(String node, long unixMicros) {}

    @Override
    public List<Limit> limits() {
        return List.copyOf(limits.values());
    }

    @Override
    public void putLimit(Limit limit) throws StoreException {
        check();
        if (limit.isNone()) {
            limits.remove(limit.scope() + limit.name());
        } else {
            limits.put(limit.scope() + limit.name(), limit);
        }
    }

    @Override
    public void close() {}
}
