package io.dray.sidecar.blob;

import io.dray.core.net.MemoryBudget;
import io.dray.sidecar.queue.LaneQueue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The part of the memory budget that chunks on their way may take. A branch asks for its window once and gives it back
 * once; those that find no room wait in their order, but one stream never has more than {@value #MAX_OPEN} at a time
 * and one sender only a part of the room once half of it is taken, so that slow ones leave room to others. The last of
 * the budget is left to queues that hold next to nothing. Thread-safe; branches are called outside of the lock.
 */
public final class BlobRoom {
    /** Payloads that are under way to one stream at a time. */
    static final int MAX_OPEN = 8;

    /** A sender may have that part of the room once half of it is taken: a few that trickle leave the rest to others. */
    private static final int SENDER_PART = 4;

    private final MemoryBudget budget;
    private final MemoryBudget.Share share;
    /** Of envelopes whose payloads wait for room. */
    private final MemoryBudget.Share envelopes;

    private final long windowBytes;
    private final Map<Long, Long> bySession = new HashMap<>();
    private final Map<BlobKey, Held> payloads = new HashMap<>();
    private final Queue<StreamBranch> waiting = new ArrayDeque<>();
    private final Queue<Assembly> assemblies = new ArrayDeque<>();
    /** Room is saved for one assembly at a time: else windows, which are smaller, would always take what gets free. */
    private @Nullable Assembly saving;

    private long savedBytes;

    /** One payload: branches share its window, since the slowest of them decides how far its sender may go. */
    private static final class Held {
        /** Counted for its sender, once. */
        private final long bytes;

        private int holders;
        private int windows;

        Held(long bytes) {
            this.bytes = bytes;
        }
    }

    /**
     * Creates an empty room.
     *
     * @param limitBytes what all may take together
     * @param windowBytes what one payload may have in this process
     */
    public BlobRoom(MemoryBudget budget, String name, long limitBytes, long windowBytes) {
        this.budget = budget;
        long spare = LaneQueue.scarceBytes(budget);
        this.share = budget.share(name, limitBytes, spare);
        this.envelopes = budget.share("envelopes of " + name, budget.limit(), spare);
        this.windowBytes = windowBytes;
    }

    long windowBytes() {
        return windowBytes;
    }

    /** Gives back what a request for a whole payload got. */
    void release(BlobKey key, long bytes) {
        giveBack(key, bytes);
        retry();
    }

    /** The same, but those that wait are not looked at until {@link #retry}. */
    synchronized void giveBack(BlobKey key, long bytes) {
        share.release(bytes);
        drop(key);
    }

    /** Takes memory, outside of the room, for an envelope whose payload is to wait; false also if that can never fit. */
    boolean tryHold(long bytes, long payloadBytes) {
        return payloadBytes <= share.limit() && envelopes.tryReserve(bytes);
    }

    /** Gives back what {@link #tryHold} got. */
    void letGo(long bytes) {
        envelopes.release(bytes);
    }

    /** Asks for room for a whole payload; {@link Assembly#onRoom} is called once there is, perhaps at once. */
    void request(Assembly assembly) {
        synchronized (this) {
            assemblies.add(assembly);
        }
        retry();
    }

    /** Takes back a request for a whole payload, unless it is not waiting: then it has room, or will get it. */
    void giveUp(Assembly assembly) {
        synchronized (this) {
            if (!assemblies.remove(assembly)) {
                return;
            }
            if (assembly.equals(saving)) {
                share.release(savedBytes);
                saved(null, 0);
            }
        }
        retry();
    }

    /** Asks for a window; {@link StreamBranch#onRoom} is called once there is room, perhaps at once. */
    void request(StreamBranch branch) {
        synchronized (this) {
            waiting.add(branch);
        }
        retry();
    }

    /** Takes back a request, or gives back its window. */
    void giveUp(StreamBranch branch, boolean hasRoom) {
        synchronized (this) {
            if (!hasRoom) {
                waiting.remove(branch);
                return;
            }
            branch.queue().open--;
            giveBackWindow(branch);
        }
        retry();
    }

    /** Looks whether there is room for those that wait: the budget is shared with others that do not tell. */
    void retry() {
        List<StreamBranch> admitted = new ArrayList<>();
        List<Assembly> whole = new ArrayList<>();
        synchronized (this) {
            admitWhole(whole);
            for (Iterator<StreamBranch> next = waiting.iterator(); next.hasNext(); ) {
                StreamBranch branch = next.next();
                boolean isFirst = !hasWindow(branch.key());
                if (branch.queue().open >= MAX_OPEN || (isFirst && isFull(branch.key(), bytes(branch)))) {
                    continue;
                }
                if (isFirst && !share.tryReserve(bytes(branch))) {
                    break;
                }
                take(branch.key(), bytes(branch)).windows++;
                branch.queue().open++;
                next.remove();
                admitted.add(branch);
            }
        }
        whole.forEach(Assembly::onRoom);
        admitted.forEach(StreamBranch::onRoom);
    }

    private void admitWhole(List<Assembly> admitted) {
        Assembly next = nextWhole();
        while (next != null) {
            long missing = next.reservedBytes() - savedBytes;
            if (!share.tryReserve(missing)) {
                saved(next, savedBytes + reservedPart(missing));
                return;
            }
            saved(null, 0);
            assemblies.remove(next);
            take(next.key(), next.reservedBytes());
            admitted.add(next);
            next = nextWhole();
        }
    }

    private @Nullable Assembly nextWhole() {
        if (saving != null) {
            return saving;
        }
        for (Assembly assembly : assemblies) {
            if (!isFull(assembly.key(), assembly.reservedBytes())) {
                return assembly;
            }
        }
        return null;
    }

    /** Reserves what there is, at most so much. */
    private long reservedPart(long most) {
        long free = Math.min(share.limit() - share.used(), budget.free() - LaneQueue.scarceBytes(budget));
        long part = Math.min(free, most);
        return part > 0 && share.tryReserve(part) ? part : 0;
    }

    private void saved(@Nullable Assembly forWhom, long bytes) {
        saving = forWhom;
        savedBytes = bytes;
    }

    /** Bytes that are reserved now. */
    long used() {
        return share.used();
    }

    /** Whether its sender has no part left for one more payload; the first always fits. */
    private boolean isFull(BlobKey key, long bytes) {
        Long has = bySession.get(key.session());
        return has != null
                && !payloads.containsKey(key)
                && has + bytes > share.limit() / SENDER_PART
                && share.used() + bytes > share.limit() / 2;
    }

    private boolean hasWindow(BlobKey key) {
        Held held = payloads.get(key);
        return held != null && held.windows > 0;
    }

    private Held take(BlobKey key, long bytes) {
        Held held = payloads.computeIfAbsent(key, _ -> new Held(bytes));
        if (held.holders++ == 0) {
            bySession.merge(key.session(), bytes, Long::sum);
        }
        return held;
    }

    private void giveBackWindow(StreamBranch branch) {
        Held held = payloads.get(branch.key());
        if (held != null && --held.windows == 0) {
            share.release(bytes(branch));
        }
        drop(branch.key());
    }

    private void drop(BlobKey key) {
        Held held = payloads.get(key);
        if (held != null && --held.holders == 0) {
            payloads.remove(key);
            bySession.computeIfPresent(key.session(), (_, has) -> has == held.bytes ? null : has - held.bytes);
        }
    }

    private long bytes(StreamBranch branch) {
        return Math.min(windowBytes, branch.total());
    }
}
