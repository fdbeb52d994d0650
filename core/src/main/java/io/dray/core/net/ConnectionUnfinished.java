package io.dray.core.net;

import io.dray.core.wire.WireLimits;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What one connection holds of messages that have not come whole. Owned by its event loop, but for what it has told of
 * that; messages that come whole in one read cost no word to others.
 */
final class ConnectionUnfinished {
    /** The shortest piece is the range of a buffer of a whole read, which it keeps. */
    private static final int LEAST_CHARGE = 2 * 1024;

    /** Frames of honest clients have 16 KiB, a quarter of the largest read. */
    private static final int FRAMES_OF_READ = 4;

    private final UnfinishedMessages all;
    private final Consumer<String> cut;
    private @Nullable UnfinishedMessage first;
    private long charged;
    private int wholes;
    private volatile long told;
    private int leastCharge = LEAST_CHARGE;
    private long nowNanos;

    /**
     * Holds nothing yet.
     *
     * @param cut closes the connection and says why; may be called on any thread
     */
    ConnectionUnfinished(UnfinishedMessages all, Consumer<String> cut) {
        this.all = all;
        this.cut = cut;
    }

    /** What it had told last. */
    long told() {
        return told;
    }

    void cut(String why) {
        cut.accept(why);
    }

    /** A buffer was read, whose pieces come now. */
    void reading(int bufferBytes, long readNanos) {
        leastCharge = Math.max(LEAST_CHARGE, bufferBytes / FRAMES_OF_READ);
        nowNanos = readNanos;
    }

    /** Tells the others what is held by now. */
    void tell() {
        long before = told;
        if (charged == before) {
            return;
        }
        told = charged;
        all.add(charged - before);
    }

    void open() {
        all.opened(this);
    }

    /** The connection has gone, and what it held. */
    void close() {
        while (first != null) {
            ended(first);
        }
        tell();
        all.closed(this);
    }

    void grown(UnfinishedMessage message, long bytes) {
        if (message.charged == 0) {
            link(message);
        }
        long charge = Math.max(bytes, leastCharge);
        message.grownBytes += bytes;
        message.charged += charge;
        charged += charge;
    }

    /** It has come, and stays until its client sends no more. */
    void whole(UnfinishedMessage message) {
        if (message.charged > 0 && !message.isWhole) {
            message.isWhole = true;
            wholes++;
        }
    }

    boolean hasWhole() {
        return wholes > 0;
    }

    /** Lets go of the whole ones on streams that the client sends no more on. */
    void endWhole(IntPredicate isEnded) {
        UnfinishedMessage next = first;
        while (next != null) {
            UnfinishedMessage message = next;
            next = message.next;
            if (message.isWhole && isEnded.test(message.stream())) {
                ended(message);
            }
        }
    }

    void ended(UnfinishedMessage message) {
        if (message.charged == 0) {
            return;
        }
        charged -= message.charged;
        message.charged = 0;
        if (message.isWhole) {
            message.isWhole = false;
            wholes--;
        }
        unlink(message);
    }

    /** The message that was begun last, if all are more than a connection may hold; else null. */
    @Nullable
    UnfinishedMessage excess() {
        return charged > all.limits().connectionBytes() ? first : null;
    }

    /**
     * Finds a message that grows too slowly.
     *
     * @param mayGrow whether its client can have sent; if not it gets its time again
     * @return null when there is none
     */
    @Nullable
    UnfinishedMessage slow(long now, boolean mayGrow) {
        long checkNanos = all.limits().checkNanos();
        long least = WireLimits.LEAST_BYTES_PER_SECOND * TimeUnit.NANOSECONDS.toMillis(checkNanos) / 1_000;
        for (UnfinishedMessage message = first; message != null; message = message.next) {
            if (mayGrow && now - message.checkedNanos < checkNanos) {
                continue;
            }
            if (mayGrow && message.grownBytes < least) {
                return message;
            }
            message.grownBytes = 0;
            message.checkedNanos = now;
        }
        return null;
    }

    private void link(UnfinishedMessage message) {
        message.grownBytes = 0;
        message.checkedNanos = nowNanos;
        message.previous = null;
        message.next = first;
        if (first != null) {
            first.previous = message;
        }
        first = message;
    }

    private void unlink(UnfinishedMessage message) {
        UnfinishedMessage before = message.previous;
        UnfinishedMessage after = message.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after != null) {
            after.previous = before;
        }
        message.previous = null;
        message.next = null;
    }
}
