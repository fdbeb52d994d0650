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
 * and one sender never more than a part of the room, so that slow ones leave room to others. Thread-safe; branches are
 * called outside of the lock.
 */
public final class BlobRoom {
    /** Payloads that are under way to one stream at a time. */
    static final int MAX_OPEN = 8;

    /** A sender may have that part of the room, so that a few that trickle leave the rest to others. */
    private static final int SENDER_PART = 4;

    private final MemoryBudget.Share share;
    private final long windowBytes;
    private final Map<Long, Long> bySession = new HashMap<>();
    private final Queue<StreamBranch> waiting = new ArrayDeque<>();

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

    /** Reserves at once for a sender's session, or not at all. */
    synchronized boolean tryReserve(long session, long bytes) {
        if (isFull(session, bytes) || !share.tryReserve(bytes)) {
            return false;
        }
        bySession.merge(session, bytes, Long::sum);
        return true;
    }

    /** Gives back what {@link #tryReserve} got. */
    void release(long session, long bytes) {
        synchronized (this) {
            giveBack(session, bytes);
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
            giveBack(session(branch), bytes(branch));
        }
        retry();
    }

    /** Looks whether there is room for those that wait: the budget is shared with others that do not tell. */
    void retry() {
        List<StreamBranch> admitted = new ArrayList<>();
        synchronized (this) {
            for (Iterator<StreamBranch> next = waiting.iterator(); next.hasNext(); ) {
                StreamBranch branch = next.next();
                if (branch.queue().open >= MAX_OPEN || isFull(session(branch), bytes(branch))) {
                    continue;
                }
                if (!tryReserve(session(branch), bytes(branch))) {
                    break;
                }
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

    /** The first payload of a sender always fits its part. */
    private boolean isFull(long session, long bytes) {
        Long has = bySession.get(session);
        return has != null && has + bytes > share.limit() / SENDER_PART;
    }

    private void giveBack(long session, long bytes) {
        bySession.computeIfPresent(session, (_, has) -> has == bytes ? null : has - bytes);
        share.release(bytes);
    }

    private static long session(StreamBranch branch) {
        return branch.key().session();
    }

    private long bytes(StreamBranch branch) {
        return Math.min(windowBytes, branch.total());
    }
}
