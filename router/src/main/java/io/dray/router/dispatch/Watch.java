package io.dray.router.dispatch;

import com.google.protobuf.ByteString;
import io.dray.core.wire.MeshError;
import io.dray.router.tasks.StateName;
import io.dray.router.tasks.TaskFilter;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.tasks.TaskState.Succeeded;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one watcher still has to be told. The dispatcher offers and never waits; the watcher takes on a thread of its
 * own. Bounded: a watcher that is too slow gets only the last state of each task, and is ended when even that is too
 * much. Thread-safe by one small lock.
 */
public final class Watch {
    private static final int MAX_CHANGES = 10_000;
    private static final int MAX_RESULT_BYTES = 1024 * 1024;

    /** One change; {@code resultLeftOut} when the watcher must read the result itself. Immutable. */
    public record Change(TaskSnapshot task, boolean resultLeftOut) {}

    /** Progress of one state replaces what waits; every other change has a key of its own. */
    private record Key(long id, StateName state, long token, boolean cancelRequested) {}

    private final Set<Long> followed;
    private final @Nullable TaskFilter filter;
    private final Map<Key, Change> changes = new LinkedHashMap<>();
    private int resultBytes;
    private boolean ended;
    private @Nullable Error error;

    /** Watches these live tasks. */
    Watch(Set<Long> live) {
        this.followed = Set.copyOf(live);
        this.filter = null;
    }

    /** Watches all that match. */
    Watch(TaskFilter filter) {
        this.followed = Set.of();
        this.filter = filter;
    }

    /** Returns whether the named task was live when the watch began: then all about it comes from here. */
    public boolean isFollowing(long id) {
        return followed.contains(id);
    }

    boolean matches(TaskSnapshot task) {
        return filter == null || filter.matches(task);
    }

    /** Adds a change; called by the dispatcher. */
    synchronized void offer(TaskSnapshot task) {
        if (ended) {
            return;
        }
        Key key = new Key(task.id(), task.state().name(), task.attempts().token(), task.cancelRequested());
        changes.put(key, changeOf(task));
        if (changes.size() > MAX_CHANGES) {
            keepLastOfEachTask();
        }
        if (changes.size() > MAX_CHANGES) {
            changes.clear();
            end(MeshError.of(
                    Code.CODE_TOO_MANY,
                    "The watcher reads too slowly; watch again, or fewer tasks.",
                    Integer.toString(MAX_CHANGES),
                    "fewer changes waiting"));
        }
        notifyAll();
    }

    private Change changeOf(TaskSnapshot task) {
        if (!(task.state() instanceof Succeeded succeeded)) {
            return new Change(task, false);
        }
        int size = succeeded.result().size();
        if (resultBytes + size <= MAX_RESULT_BYTES) {
            resultBytes += size;
            return new Change(task, false);
        }
        Succeeded bare = new Succeeded(succeeded.finishedMicros(), ByteString.EMPTY);
        return new Change(task.withState(bare), true);
    }

    private void keepLastOfEachTask() {
        Map<Long, Key> last = new LinkedHashMap<>();
        changes.keySet().forEach(key -> last.put(key.id(), key));
        changes.keySet().retainAll(Set.copyOf(last.values()));
    }

    /** Ends the watch after what waits; with an error when it could not go on. */
    synchronized void end(@Nullable Error reason) {
        if (!ended) {
            ended = true;
            error = reason;
        }
        notifyAll();
    }

    /** Waits for changes and takes them all; empty means the end. Blocks. */
    public synchronized List<Change> take() throws InterruptedException {
        while (changes.isEmpty() && !ended) {
            wait();
        }
        List<Change> taken = new ArrayList<>(changes.values());
        changes.clear();
        resultBytes = 0;
        return taken;
    }

    /** Returns why the watch ended; null when everything was told. */
    public synchronized @Nullable Error error() {
        return error;
    }
}
