package io.dray.sidecar.local;

import io.dray.agent.v1.Flow;
import io.dray.sidecar.blob.ChunkQueue;
import io.dray.sidecar.queue.Destination;
import io.dray.sidecar.queue.FlowWords;
import io.dray.sidecar.queue.Hop;
import io.dray.sidecar.queue.Levels;
import io.dray.sidecar.queue.Origin;
import io.dray.sidecar.queue.PublisherOrigin;
import io.dray.sidecar.queue.ReceiptRuns;
import io.dray.sidecar.queue.RefusalCounts;
import io.dray.sidecar.queue.Refusals;
import io.dray.types.v1.BlobWindow;
import io.dray.types.v1.Error;
import io.dray.types.v1.Receipt;
import io.dray.types.v1.Window;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One instance and its session: attached by a stream now, or away and awaited for a while.
 *
 * <pre>
 *            bind                    unbind (stream lost)
 *   (new) ──────────▶ ATTACHED ──────────────────────────▶ AWAY
 *                        ▲                                   │
 *                        └───────────── bind ────────────────┤
 *                                                            │ close (time over, goodbye, name taken)
 *                                                            ▼
 *                                                          GONE
 * </pre>
 *
 * <p>Thread-safe; the stream's loop is the only one that takes from the mailbox.
 */
public final class LocalAgent implements Origin {
    private static final int MAX_RECEIPT_RUNS = 16_384;
    private static final int MAX_FLOWS = 4_096;

    private final Identity identity;
    private final String instance;
    private final Hop hop;
    private final List<LocalAgent> alone = List.of(this);
    private final Mailbox mailbox;
    private final RefusalCounts refusals;
    private final Origin publications;
    private final ReceiptRuns receipts = new ReceiptRuns();
    private final ChunkQueue chunks = new ChunkQueue(this::wakeStream);
    private final FlowWords flows = new FlowWords();
    private final AtomicLong heldBytes = new AtomicLong();
    private final AtomicLong receivedThrough = new AtomicLong();
    private volatile @Nullable Attachment attachment;
    private volatile @Nullable RefusalListener refusalListener;
    private volatile long awaySinceNanos = System.nanoTime();
    private boolean gone;

    LocalAgent(Identity identity, Mailbox mailbox, RefusalCounts refusals) {
        this.identity = identity;
        this.instance = identity.instance().toString();
        this.hop = Hop.from(identity.principal());
        this.mailbox = mailbox;
        this.refusals = refusals;
        this.publications = new PublisherOrigin(this, refusals);
    }

    /** Who it is. */
    public Identity identity() {
        return identity;
    }

    /** Its whole name, agent/suffix@node. */
    public String instance() {
        return instance;
    }

    /** A list of this instance alone, for look-ups that must not make one for each envelope. */
    List<LocalAgent> alone() {
        return alone;
    }

    /** What every envelope that it sends carries along. */
    public Hop hop() {
        return hop;
    }

    /** Whom its publications come from. */
    public Origin publications() {
        return publications;
    }

    /** What waits for it. */
    public Mailbox mailbox() {
        return mailbox;
    }

    /** Chunks of large payloads for it. */
    public ChunkQueue chunks() {
        return chunks;
    }

    /** What it is to be told of its own envelopes. */
    public ReceiptRuns receipts() {
        return receipts;
    }

    /**
     * Makes a stream the way to this agent.
     *
     * @return number of the attachment; 0 when the instance is gone or attached by another stream
     */
    public synchronized long bind(Attachment stream, @Nullable Window window) {
        if (gone || attachment != null) {
            return 0;
        }
        long number = mailbox.attached(window);
        attachment = stream;
        flows.repeat();
        return number;
    }

    /**
     * Takes the way away if it is this one: what was delivered and not answered is refused, so that it can be resent.
     *
     * @return whether it was this one
     */
    @SuppressWarnings("ReferenceEquality") // this very stream is meant
    public synchronized boolean unbind(Attachment stream) {
        if (attachment != stream) {
            return false;
        }
        awaySinceNanos = System.nanoTime();
        attachment = null;
        Error lost = Refusals.nodeLost("the instance's stream ended");
        mailbox.lost(lost);
        chunks.lost(lost);
        return true;
    }

    /** Ends an instance that is away for longer than that: it cannot be bound any more. Whether it is ended now. */
    synchronized boolean retire(long awayNanos) {
        gone = gone || (attachment == null && System.nanoTime() - awaySinceNanos >= awayNanos);
        return gone;
    }

    /** The way to it now; null means it is away. */
    public @Nullable Attachment attachment() {
        return attachment;
    }

    /** How long it has been away; 0 means it is attached. */
    public long nanosAway() {
        return attachment != null ? 0 : System.nanoTime() - awaySinceNanos;
    }

    /** Writes what waits, after the reads of this turn; without a stream pooled frames are let go at once. */
    public void wake() {
        Attachment stream = attachment;
        if (stream != null) {
            stream.wake();
        } else {
            mailbox.settle();
        }
    }

    /** Sets who hears of what it was refused. */
    public void refusalListener(RefusalListener listener) {
        refusalListener = listener;
    }

    /** Notes that a sequence was taken. */
    public void received(long sequence) {
        if (sequence > receivedThrough.get()) {
            receivedThrough.accumulateAndGet(sequence, Math::max);
        }
    }

    /** The greatest sequence that was taken. */
    public long receivedThrough() {
        return receivedThrough.get();
    }

    /** Hears what became of deliveries to it. DONE and REFUSED end one; what else it may say is not for its sender. */
    public void onAnswer(Receipt receipt) {
        int level = receipt.getLevelValue();
        if (level == Levels.DONE) {
            mailbox.onReceipt(receipt.getFirst(), Levels.count(receipt), level, null);
        } else if (level == Levels.REFUSED) {
            Error error = receipt.hasError() ? Refusals.bounded(receipt.getError()) : Refusals.withoutReason();
            mailbox.onReceipt(receipt.getFirst(), Levels.count(receipt), level, error);
            if (chunks.isActive()) {
                chunks.onRefused(receipt.getFirst(), Levels.count(receipt), error);
            }
        }
    }

    /** Bytes that wait in this process on its behalf. */
    public long heldBytes() {
        return heldBytes.get();
    }

    /** Moves flows that wait into the list, at most as many. */
    public void takeFlows(List<Flow> target, int most) {
        flows.take(
                most - target.size(),
                (destination, priority, paused) -> target.add(Flow.newBuilder()
                        .setTo(destination.address())
                        .setPriority(priority)
                        .setPaused(paused)
                        .build()));
    }

    @Override
    public void receipts(long session, long first, int count, int level, @Nullable Error error) {
        // A call of the unary door is counted by the code that it ends with.
        if (error != null && identity.announced()) {
            refusals.add(error.getCode(), count);
        }
        RefusalListener listener = refusalListener;
        if (error != null && listener != null) {
            listener.onRefused(session, first, count);
        }
        receipts.add(0, first, count, level, error);
        wakeStream();
    }

    @Override
    public void flow(Destination destination, int lane, boolean paused) {
        flows.put(destination, lane, paused);
        wakeStream();
    }

    @Override
    public void held(long bytes) {
        heldBytes.addAndGet(bytes);
    }

    @Override
    public void blobWindow(long session, long blob, long bytes) {
        Attachment stream = attachment;
        if (stream != null) {
            stream.allow(BlobWindow.newBuilder().setBlob(blob).setBytes(bytes).build());
        }
    }

    /** Whether it has so much in this process that nothing more is read from it for now. */
    public boolean overBudget(long budgetBytes) {
        return heldBytes.get() > budgetBytes
                || receipts.size() > MAX_RECEIPT_RUNS
                || flows.size() > MAX_FLOWS
                || chunks.isCrowded();
    }

    void close(Error error) {
        synchronized (this) {
            gone = true;
        }
        mailbox.close(error);
    }

    private void wakeStream() {
        Attachment stream = attachment;
        if (stream != null) {
            stream.wake();
        }
    }
}
