package io.dray.sidecar.blob;

import io.dray.core.wire.MeshError;
import io.dray.sidecar.queue.Levels;
import io.dray.types.v1.BlobWindow;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.dray.types.v1.Receipt;
import io.grpc.StatusRuntimeException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The chunks that wait for one stream, beside and after its envelopes, and the payloads that are on their way to it. Any
 * loop offers, the stream's loop takes; one short lock, under which nothing is called. What waits is bounded by the
 * windows of its branches.
 */
public final class ChunkQueue {
    /** Payloads that the other side may ask for though they are over, before it has read that they are. */
    static final int MAX_ENDINGS = 4_096;

    private final Runnable wake;
    private final Map<BlobKey, StreamBranch> branches = new HashMap<>();
    private final Queue<QueuedChunk> waiting = new ArrayDeque<>();
    /** Payloads that are over, of which the other side is to be told. */
    private final Set<BlobKey> endings = new LinkedHashSet<>();
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

    /** Whether the other side leaves so much unread that nothing more should be heard from it for now. */
    public boolean isCrowded() {
        return isWaiting && tooManyEndings(MAX_ENDINGS / 4);
    }

    /** Takes the next chunk; who took it releases it, and says {@link #written} before that. */
    public synchronized @Nullable QueuedChunk poll() {
        Iterator<BlobKey> ended = endings.iterator();
        QueuedChunk next;
        if (ended.hasNext()) {
            next = QueuedChunk.ending(ended.next());
            ended.remove();
        } else {
            next = waiting.poll();
        }
        noteWaiting();
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

    /**
     * Takes what the other side of the stream allows for a payload; of one that is over it is told so.
     *
     * @throws StatusRuntimeException TOO_MANY, when it asks for ever more that are over and does not read the answers
     */
    public void onWindow(BlobWindow window) {
        var key = new BlobKey(window.getSession(), window.getBlob());
        StreamBranch branch;
        synchronized (this) {
            branch = branches.get(key);
        }
        if (branch != null) {
            branch.window(window.getBytes());
            return;
        }
        if (tooManyEndings(MAX_ENDINGS)) {
            throw MeshError.toStatus(MeshError.of(
                    Code.CODE_TOO_MANY,
                    "too many windows for payloads that are over; read what is sent, and give windows for what came",
                    "over " + MAX_ENDINGS,
                    "at most " + MAX_ENDINGS + " unread answers"));
        }
        end(key);
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
            endings.clear();
            noteWaiting();
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
            noteWaiting();
        }
        dropped.forEach(QueuedChunk::release);
        if (tells) {
            end(branch.key());
        }
    }

    void offer(QueuedChunk chunk) {
        synchronized (this) {
            waiting.add(chunk);
            noteWaiting();
        }
        wake.run();
    }

    /** Chunks that wait, and words that a payload is over. */
    synchronized int size() {
        return waiting.size() + endings.size();
    }

    private void end(BlobKey key) {
        synchronized (this) {
            endings.add(key);
            noteWaiting();
        }
        wake.run();
    }

    private synchronized boolean tooManyEndings(int most) {
        return endings.size() >= most;
    }

    private void noteWaiting() {
        isWaiting = !waiting.isEmpty() || !endings.isEmpty();
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
