package io.dray.sidecar.blob;

import io.dray.sidecar.queue.Levels;
import io.dray.types.v1.BlobWindow;
import io.dray.types.v1.Error;
import io.dray.types.v1.Receipt;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The chunks that wait for one stream, beside and after its envelopes, and the payloads that are on their way to it. Any
 * loop offers, the stream's loop takes; one short lock, under which nothing is called. What waits is bounded by the
 * windows of its branches.
 */
public final class ChunkQueue {
    private final Runnable wake;
    private final Map<BlobKey, StreamBranch> branches = new HashMap<>();
    private final Queue<QueuedChunk> waiting = new ArrayDeque<>();
    /** Read by every write of the stream: cheaper than the lock. */
    private volatile boolean isWaiting;

    private volatile boolean isActive;

    /** Branches with a window; belongs to the lock of the room. */
    int open;

    /**
     * Creates an empty queue.
     *
     * @param wake tells the stream that a chunk waits; any thread
     */
    public ChunkQueue(Runnable wake) {
        this.wake = wake;
    }

    /** Whether a chunk waits. */
    public boolean isWaiting() {
        return isWaiting;
    }

    /** Whether a large payload is on its way to the stream. */
    public boolean isActive() {
        return isActive;
    }

    /** Takes the next chunk; who took it releases it, and says {@link #written} before that. */
    public synchronized @Nullable QueuedChunk poll() {
        QueuedChunk next = waiting.poll();
        isWaiting = !waiting.isEmpty();
        return next;
    }

    /** Notes that a chunk that was taken is written, which lets its sender go on, and releases it. */
    public static void written(QueuedChunk chunk) {
        chunk.release();
        StreamBranch branch = chunk.branch();
        if (branch != null) {
            branch.written(chunk.length());
        }
    }

    /** Takes what the other side of the stream allows for a payload; of one that is over it is told so. */
    public void onWindow(BlobWindow window) {
        var key = new BlobKey(window.getSession(), window.getBlob());
        StreamBranch branch;
        synchronized (this) {
            branch = branches.get(key);
        }
        if (branch == null) {
            offer(QueuedChunk.ending(key));
        } else {
            branch.window(window.getBytes());
        }
    }

    /** Hears that an agent refused a delivery, by its number, or a run of them. */
    public void onRefused(long first, int count, Error error) {
        long end = first + count;
        end(branch -> branch.delivery() >= first && branch.delivery() < end, error);
    }

    /** Hears what a peer said of envelopes; its sender hears it another way. */
    public void onReceipt(Receipt receipt) {
        if (receipt.getLevelValue() != Levels.REFUSED) {
            return;
        }
        long first = receipt.getFirst();
        long end = first + Levels.count(receipt);
        for (StreamBranch branch : all()) {
            Blob blob = branch.blob;
            if (blob.claim().session() == receipt.getSession()
                    && blob.claim().sequence() >= first
                    && blob.claim().sequence() < end) {
                blob.onRefusedElsewhere(branch, receipt.getError());
            }
        }
    }

    /** The stream ended: what was under way on it is lost. What it was not yet told of stays for the next one. */
    public void lost(Error error) {
        List<QueuedChunk> dropped;
        synchronized (this) {
            dropped = List.copyOf(waiting);
            waiting.clear();
            isWaiting = false;
        }
        dropped.forEach(QueuedChunk::release);
        all().forEach(branch -> branch.lost(error));
    }

    /** Adds a branch; false when the same payload is on its way to the stream already. */
    synchronized boolean add(StreamBranch branch) {
        boolean isNew = branches.putIfAbsent(branch.key(), branch) == null;
        isActive = true;
        return isNew;
    }

    /** Forgets a branch that is done. */
    synchronized void remove(StreamBranch branch) {
        branches.remove(branch.key(), branch);
        isActive = !branches.isEmpty();
    }

    /** Forgets a branch that has ended, with what waits of it; tells the other side if that knows of it. */
    void discard(StreamBranch branch, boolean tells) {
        List<QueuedChunk> dropped = new ArrayList<>();
        synchronized (this) {
            branches.remove(branch.key(), branch);
            isActive = !branches.isEmpty();
            waiting.removeIf(chunk -> chunk.branch() == branch && dropped.add(chunk));
            isWaiting = !waiting.isEmpty();
        }
        dropped.forEach(QueuedChunk::release);
        if (tells) {
            offer(QueuedChunk.ending(branch.key()));
        }
    }

    void offer(QueuedChunk chunk) {
        synchronized (this) {
            waiting.add(chunk);
            isWaiting = true;
        }
        wake.run();
    }

    /** Chunks that wait. */
    synchronized int size() {
        return waiting.size();
    }

    private void end(Predicate<StreamBranch> which, Error error) {
        for (StreamBranch branch : all()) {
            if (which.test(branch)) {
                branch.blob.onBranchRefused(branch, error);
            }
        }
    }

    private synchronized Collection<StreamBranch> all() {
        return List.copyOf(branches.values());
    }
}
