package io.dray.sidecar.blob;

import io.dray.core.wire.MeshError;
import io.dray.sidecar.queue.Destination;
import io.dray.sidecar.queue.Levels;
import io.dray.sidecar.queue.Origin;
import io.dray.sidecar.queue.Parcel;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A large payload on its way through this sidecar: where it goes, and how it ends. Its sender may send what the slowest
 * of its branches allows. It stands as the origin of its envelope, so that it hears when that is refused. Thread-safe:
 * its lock guards its inflow and its branches' state too, and nothing is called under it.
 */
public final class Blob implements Origin {
    private final Blobs table;
    private final Claim claim;
    private final boolean isTopic;
    private final boolean isFromNode;
    private final BlobKey key;
    private final Inflow inflow;
    private final List<Branch> branches = new ArrayList<>();
    private boolean isRouted;
    private boolean isOver;

    Blob(Blobs table, Claim claim, boolean isTopic, boolean isFromNode, long windowBytes, long nowNanos) {
        this.table = table;
        this.claim = claim;
        this.isTopic = isTopic;
        this.isFromNode = isFromNode;
        this.key = claim.key();
        this.inflow = new Inflow(claim, windowBytes, nowNanos);
    }

    BlobKey key() {
        return key;
    }

    Claim claim() {
        return claim;
    }

    /**
     * Makes the way of its envelope to an agent's stream a branch, which becomes the origin of the parcel.
     *
     * @return whether the envelope may be queued for it; else its sender was told why not, or has ended the payload
     */
    public boolean toAgent(Parcel parcel, ChunkQueue queue) {
        return branch(parcel, queue, table.arriving(), true);
    }

    /** The same for the bulk stream of a link. */
    public boolean toLink(Parcel parcel, ChunkQueue queue) {
        return branch(parcel, queue, table.leaving(), false);
    }

    /**
     * Puts the payload together here, for an agent that takes no chunks; subscribers share what is put together.
     *
     * @param complete takes the whole envelope
     * @param dropped told when it will not come to that
     * @return whether it is begun; else its sender was told why not, or has ended the payload
     */
    public boolean assemble(Parcel parcel, Consumer<Parcel> complete, Consumer<Parcel> dropped) {
        long bytes = Assembly.bytes(parcel.envelopeBytes, claim.total());
        int most = table.limits().maxEnvelopeBytes();
        if (bytes > most) {
            String why = "the receiver takes no chunks, and the whole is too large for an envelope";
            Blobs.refuse(parcel, Code.CODE_TOO_LARGE, why, bytes + " B", "at most " + most + " B with the header");
            return false;
        }
        Assembly present = assembly();
        var assembly = present == null ? new Assembly(this, table.arriving(), parcel) : present;
        if (!assembly.tryAdd(parcel, complete, dropped)) {
            String why = "the sidecar has no memory to put the payload together; send less at once";
            Blobs.refuse(parcel, Code.CODE_MEMORY_FULL, why, bytes + " B", "room in the memory budget");
            return false;
        }
        return present != null || begin(assembly);
    }

    private boolean begin(Assembly assembly) {
        if (!add(assembly)) {
            assembly.abandon();
            return false;
        }
        assembly.askForRoom();
        widen();
        return true;
    }

    private synchronized @Nullable Assembly assembly() {
        for (Branch branch : branches) {
            if (branch instanceof Assembly assembly) {
                return assembly;
            }
        }
        return null;
    }

    /** The envelope has been routed: of a publication no more branches come. Whom nobody hears is let go. */
    public void routed() {
        synchronized (this) {
            isRouted = true;
        }
        widen();
    }

    /** Its envelope came before: its sender was told what there is to tell, and its chunks are not needed. */
    public void notWanted() {
        var _ = end(MeshError.of(Code.CODE_CANCELLED, "the envelope came before", "", ""));
    }

    /** Takes a chunk from the sender; one that breaks the rules ends the payload. */
    void chunk(ChunkView view) {
        List<Branch> targets;
        Error broken;
        boolean isWhole;
        if (view.last && view.offset + view.dataLength < claim.total()) {
            var _ = end(Claim.givenUp(view));
            return;
        }
        synchronized (this) {
            if (isOver) {
                return;
            }
            broken = inflow.take(view, table.nowNanos());
            targets = List.copyOf(branches);
            isWhole = broken == null && inflow.isWhole();
            isOver = isWhole;
        }
        if (broken != null) {
            refuse(broken);
            return;
        }
        if (isWhole) {
            table.remove(this);
        }
        targets.forEach(branch -> branch.chunk(view));
    }

    /** Tells the sender how much more it may send, if that is worth a word. */
    void widen() {
        long now;
        synchronized (this) {
            if (isOver || (isTopic && !isRouted)) {
                return;
            }
            now = isTopic || !branches.isEmpty() ? claim.total() : 0;
            for (Branch branch : branches) {
                now = Math.min(now, branch.allowed());
            }
            if (!inflow.widen(now, table.nowNanos())) {
                return;
            }
        }
        claim.window(now);
    }

    void onProgress() {
        synchronized (this) {
            inflow.moved(table.nowNanos());
        }
        widen();
    }

    /** A branch, or its envelope, was refused: that is the end, unless others still hear the publication. */
    void onBranchRefused(Branch branch, Error error) {
        branch.end(error);
        claimReceipt(branch, error, true);
    }

    /** The same, where the sender is told by somebody else. */
    void onRefusedElsewhere(Branch branch, Error error) {
        branch.end(error);
        claimReceipt(branch, error, false);
    }

    private void claimReceipt(Branch branch, Error error, boolean tells) {
        boolean isLast;
        boolean wasOver;
        boolean isOfMany;
        int takers;
        synchronized (this) {
            boolean wasThere = branches.remove(branch);
            if (!wasThere) {
                return;
            }
            wasOver = isOver && !inflow.isWhole();
            isLast = branches.isEmpty() && !isTopic;
            // A node would end the payload for all of its subscribers here.
            isOfMany = isTopic && isFromNode && !branches.isEmpty();
            isOver |= isLast;
            takers = tells && !wasOver && !isOfMany ? branch.takers() : 0;
        }
        if (isLast) {
            table.remove(this);
        }
        for (int taker = 0; taker < takers; taker++) {
            tell(Levels.REFUSED, error);
        }
        widen();
    }

    /** Ends it: its sender is told, its branches throw away what they have. Does nothing when it is over. */
    void refuse(Error error) {
        if (end(error)) {
            tell(Levels.REFUSED, error);
        }
    }

    /** Ends it without a word to its sender; whether it was not over yet. */
    boolean end(Error error) {
        List<Branch> targets;
        synchronized (this) {
            if (isOver) {
                return false;
            }
            isOver = true;
            targets = List.copyOf(branches);
        }
        table.remove(this);
        targets.forEach(branch -> branch.end(error));
        return true;
    }

    /**
     * Ends it if its time is over, nothing has moved for too long though its sender may send, or too little has; of a
     * publication the branches alone that hold up the others.
     */
    void expire(long nowNanos, long nowMicros, Blobs.Limits limits) {
        if (claim.deadlineMicros() != 0 && claim.deadlineMicros() <= nowMicros) {
            refuse(expired("the deadline passed before all of the payload came", "a later deadline"));
            return;
        }
        Inflow.Lateness late;
        synchronized (this) {
            late = inflow.lateness(nowNanos, limits);
        }
        if (isTopic && late.holdsUpSubscribers() && leaveBehind(nowNanos, late.holdsUpLinks())) {
            return;
        }
        Error error = late.error();
        if (error != null) {
            refuse(error);
        }
    }

    private boolean branch(Parcel parcel, ChunkQueue queue, BlobRoom room, boolean isToAgent) {
        var branch = new StreamBranch(this, queue, room, isToAgent);
        if (!queue.add(branch)) {
            String why = "the payload is on its way to that stream already";
            Blobs.refuse(parcel, Code.CODE_TOO_MANY, why, key.toString(), "each payload once");
            return false;
        }
        if (!add(branch)) {
            queue.remove(branch);
            return false;
        }
        parcel.origin = branch;
        return true;
    }

    /** Takes a branch in, unless the payload ended while its envelope was on its way, such as waiting for an address. */
    private synchronized boolean add(Branch branch) {
        return !isOver && branches.add(branch);
    }

    void tell(int level, @Nullable Error error) {
        claim.tell(level, error);
    }

    @Override
    public void receipts(long session, long first, int count, int level, @Nullable Error error) {
        if (level == Levels.REFUSED && error != null) {
            if (isTopic) {
                tell(level, error);
            } else {
                refuse(error);
            }
        } else {
            tell(level, error);
        }
    }

    @Override
    public void flow(Destination destination, int lane, boolean paused) {
        claim.sender().flow(destination, lane, paused);
    }

    @Override
    public void held(long bytes) {
        claim.sender().held(bytes);
    }

    /**
     * Drops the subscribers that never took the envelope, or leave the sender no step to go while others do; before those
     * that took it and found no room here go those for whom room is saved. A link has its time twice: the sidecar behind
     * it drops its own first.
     *
     * @return whether there were any, or a link has time left
     */
    private boolean leaveBehind(long nowNanos, boolean isLateForLinks) {
        List<Branch> slow = new ArrayList<>();
        boolean isWaiting = false;
        synchronized (this) {
            long least = inflow.due();
            for (Branch branch : branches) {
                if (branch.allowed() >= least) {
                    continue;
                }
                if (branch.isToLink() && !isLateForLinks) {
                    isWaiting = true;
                } else {
                    slow.add(branch);
                }
            }
            if (!slow.stream().allMatch(Branch::asksForAWindow)) {
                slow.removeIf(Branch::asksForAWindow);
            }
            if (slow.isEmpty() || (inflow.hasBegun() && slow.size() == branches.size())) {
                return isWaiting;
            }
            inflow.restart(nowNanos);
        }
        Error error = expired("a subscriber did not take the payload in time", "a subscriber that keeps up");
        slow.forEach(branch -> onBranchRefused(branch, error));
        return true;
    }

    private synchronized Error expired(String why, String expected) {
        return inflow.expired(why, expected);
    }
}
