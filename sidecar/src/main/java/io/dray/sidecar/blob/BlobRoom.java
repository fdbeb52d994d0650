package io.dray.sidecar.blob;

import io.dray.core.net.MemoryBudget;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * The part of the memory budget that chunks on their way may take. A branch asks for its window once and gives it back
 * once; those that find no room wait in their order, but one stream never has more than {@value #MAX_OPEN} at a time
 * and one sender only a part of the room once half of it is taken, so that slow ones leave room to others. Thread-safe;
 * branches are called outside of the lock.
 */
public final class BlobRoom {
    /** Payloads that are under way to one stream at a time. */
    static final int MAX_OPEN = 8;

    /** A sender may have that part of the room once half of it is taken: a few that trickle leave the rest to others. */
    private static final int SENDER_PART = 4;

    private final MemoryBudget.Share share;
    private final long windowBytes;
    private final Map<Long, Long> bySession = new HashMap<>();
    private final Map<BlobKey, Held> payloads = new HashMap<>();
    private final Queue<StreamBranch> waiting = new ArrayDeque<>();

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
        this.share = budget.share(name, limitBytes);
        this.windowBytes = windowBytes;
    }

    long windowBytes() {
        return windowBytes;
    }

    /** Reserves at once for a payload that is put together, or not at all. */
    synchronized boolean tryReserve(BlobKey key, long bytes) {
        if (isFull(key, bytes) || !share.tryReserve(bytes)) {
            return false;
        }
        take(key, bytes);
        return true;
    }

    /** Gives back what {@link #tryReserve} got. */
    void release(BlobKey key, long bytes) {
        synchronized (this) {
            share.release(bytes);
            drop(key);
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
        synchronized (this) {
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
        admitted.forEach(StreamBranch::onRoom);
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
