package io.dray.router.store;

import com.google.protobuf.ByteString;
import io.dray.router.tasks.Limit;
import io.dray.router.tasks.Page;
import io.dray.router.tasks.StateName;
import io.dray.router.tasks.TaskFilter;
import io.dray.router.tasks.TaskKey;
import io.dray.router.tasks.TaskSnapshot;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tasks and names of nodes on a disk. What {@link #commit} returned from survives the death of the process and of the
 * host. Confined to one thread ({@link StoreThread}).
 */
public interface Store extends AutoCloseable {
    /**
     * Makes sure that this router owns the store, before anything else is asked of it and after each failure; returns
     * {@link #epoch()}. A store that another router owns throws {@link StoreException.Kind#FENCED}; ask again.
     */
    long take() throws StoreException;

    /** Returns whether the store was this router's when last heard; when not, memory is out of date. Any thread. */
    boolean isOwned();

    /** Says where other routers reach this one, which they learn from the store. Any thread. */
    default void advertise(String address) {}

    /**
     * Returns which router owns a store that several share, this one or another, as it last heard; empty when nobody
     * does, and of a store that has one router only. Any thread.
     */
    default Optional<PoolOwner> owner() {
        return Optional.empty();
    }

    /** Gives the store to whichever router takes it next; nothing is written after it but what {@link #take()} begins. */
    default void release() {}

    /** Returns the number of this ownership; it grows with each start and each time the store is taken. Any thread. */
    long epoch();

    /**
     * Commits all changes or none. After {@link StoreException.Kind#AWAY} it is unknown which: {@link #take()} first,
     * and what is read then stays true.
     */
    void commit(List<Change> changes) throws StoreException;

    /** Returns the greatest id ever given; 0 means none. */
    long lastId() throws StoreException;

    /** Calls back with each live task, oldest first. */
    void forEachLive(Consumer<TaskSnapshot> each) throws StoreException;

    /** Calls back with the key of each finished task that has one. */
    void forEachFinishedKey(Consumer<TaskKey> each) throws StoreException;

    /** Returns how many tasks ended, by state. */
    Map<StateName, Long> finishedCounts() throws StoreException;

    /** Returns a task, live or finished, with payload and result. */
    @Nullable
    StoredTask find(long id) throws StoreException;

    /** Returns the task, live or finished, of a key. */
    @Nullable
    TaskSnapshot find(TaskKey key) throws StoreException;

    /** Returns finished tasks without results, newest first, below an id; looks at a bounded number. */
    Page finished(TaskFilter filter, long beforeId, int maxTasks, int maxExamined) throws StoreException;

    /**
     * Removes finished tasks that ended before a time, in a step that holds nobody up; says what went and whether another
     * step is wanted. A store that keeps them by days leaves a day until all of it is before that time.
     */
    Removed removeFinishedBefore(long unixMicros) throws StoreException;

    /**
     * Drops payload and result of finished tasks that keep them until before a time, in a step that holds nobody up;
     * returns of how many. None means that nothing is left to do.
     */
    int dropBodiesBefore(long unixMicros) throws StoreException;

    /** Returns why nothing new should be stored, so that what is in can still end; empty while there is room. */
    String whyFull() throws StoreException;

    /** Returns what looks at the store as a whole. */
    Inspection inspection();

    /** Returns the payloads of live tasks. */
    Map<Long, ByteString> payloads(Collection<Long> ids) throws StoreException;

    /** Returns the nodes that were seen since a time. */
    Set<String> nodesSince(long unixMicros) throws StoreException;

    /** Notes that a node was seen. */
    void nodeSeen(String node, long unixMicros) throws StoreException;

    /** Returns the limits of queues and capabilities. */
    List<Limit> limits() throws StoreException;

    /** Replaces the limit of one queue or capability, or removes it where nothing of it is set. */
    void putLimit(Limit limit) throws StoreException;

    /** Returns the nodes that get nothing new. */
    Set<String> cordoned() throws StoreException;

    /** Notes whether a node gets nothing new. */
    void cordon(String node, boolean cordoned, long unixMicros) throws StoreException;

    @Override
    void close();
}
