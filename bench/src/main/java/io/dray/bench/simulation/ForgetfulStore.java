package io.dray.bench.simulation;

import com.google.protobuf.ByteString;
import io.dray.router.store.Change;
import io.dray.router.store.Inspection;
import io.dray.router.store.Removed;
import io.dray.router.store.Store;
import io.dray.router.store.StoredTask;
import io.dray.router.tasks.Limit;
import io.dray.router.tasks.Page;
import io.dray.router.tasks.StateName;
import io.dray.router.tasks.TaskFilter;
import io.dray.router.tasks.TaskKey;
import io.dray.router.tasks.TaskSnapshot;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A store that keeps nothing: the simulated router never starts again. Stateless. */
final class ForgetfulStore implements Store {
    @Override
    public long take() {
        return epoch();
    }

    @Override
    public boolean isOwned() {
        return true;
    }

    @Override
    public long epoch() {
        return 1;
    }

    @Override
    public void commit(List<Change> changes) {}

    @Override
    public long lastId() {
        return 0;
    }

    @Override
    public void forEachLive(Consumer<TaskSnapshot> each) {}

    @Override
    public void forEachFinishedKey(Consumer<TaskKey> each) {}

    @Override
    public Map<StateName, Long> finishedCounts() {
        return Map.of();
    }

    @Override
    public @Nullable StoredTask find(long id) {
        return null;
    }

    @Override
    public @Nullable TaskSnapshot find(TaskKey key) {
        return null;
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

    /** The payload of a task that was rejected is read again; simulated ones are empty. */
    @Override
    public Map<Long, ByteString> payloads(Collection<Long> ids) {
        Map<Long, ByteString> payloads = new HashMap<>();
        ids.forEach(id -> payloads.put(id, ByteString.EMPTY));
        return payloads;
    }

    @Override
    public Set<String> nodesSince(long unixMicros) {
        return Set.of();
    }

    @Override
    public void nodeSeen(String node, long unixMicros) {}

    @Override
    public List<Limit> limits() {
        return List.of();
    }

    @Override
    public void putLimit(Limit limit) {}

    @Override
    public Set<String> cordoned() {
        return Set.of();
    }

    @Override
    public void cordon(String node, boolean cordoned, long unixMicros) {}

    @Override
    public void close() {}
}
