package io.dray.core.net;

import java.util.concurrent.atomic.AtomicLong;

/** A bound on bytes held, as a whole and per owner. Thread-safe; what is reserved must be released exactly once. */
public final class MemoryBudget {
    private final long limit;
    private final AtomicLong used = new AtomicLong();

    /** Makes a budget of so many bytes. */
    public MemoryBudget(long limit) {
        if (limit <= 0) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: > 0)");
        }
        this.limit = limit;
    }

    /** Reserves bytes, or nothing when they do not fit. */
    public boolean tryReserve(long bytes) {
        return tryAdd(used, bytes, limit);
    }

    /** Gives bytes back. */
    public void release(long bytes) {
        subtract(used, bytes);
    }

    /** Returns the bytes reserved now. */
    public long used() {
        return used.get();
    }

    /** Returns the bytes that may be reserved. */
    public long limit() {
        return limit;
    }

    /** Returns the bytes that are left. */
    public long free() {
        return limit - used.get();
    }

    /** Makes a share of this budget with a limit of its own; shares may promise more than the whole holds. */
    public Share share(String name, long shareLimit) {
        return share(name, shareLimit, 0);
    }

    /**
     * Makes a share that leaves the last of the whole to others.
     *
     * @param spare what must be free in the whole after each reservation
     */
    public Share share(String name, long shareLimit, long spare) {
        return new Share(this, name, shareLimit, spare);
    }

    /** One owner's part of a budget: a reservation must fit both. Thread-safe. */
    public static final class Share {
        private final MemoryBudget whole;
        private final String name;
        private final long limit;
        private final long spare;
        private final AtomicLong used = new AtomicLong();

        private Share(MemoryBudget whole, String name, long limit, long spare) {
            this.whole = whole;
            this.name = name;
            this.limit = limit;
            this.spare = spare;
        }

        /** Reserves bytes here and in the whole, or nothing when they do not fit beside what is spared. */
        public boolean tryReserve(long bytes) {
            if (!tryAdd(used, bytes, limit)) {
                return false;
            }
            if (!tryAdd(whole.used, bytes, whole.limit - spare)) {
                subtract(used, bytes);
                return false;
            }
            return true;
        }

        /**
         * Takes over bytes that another owner holds in the whole and is about to release: only this share's limit counts,
         * not what it spares, since owners of a whole that is used up could never hand anything to each other otherwise.
         */
        public boolean tryTakeOver(long bytes) {
            boolean fits = tryAdd(used, bytes, limit);
            if (fits) {
                whole.used.addAndGet(bytes);
            }
            return fits;
        }

        /** Gives bytes back, here and in the whole. */
        public void release(long bytes) {
            subtract(used, bytes);
            whole.release(bytes);
        }

        /** Returns the bytes reserved now. */
        public long used() {
            return used.get();
        }

        /** Returns the bytes that may be reserved. */
        public long limit() {
            return limit;
        }

        @Override
        public String toString() {
            return name + ": " + used + " of " + limit + " bytes";
        }
    }

    private static boolean tryAdd(AtomicLong counter, long bytes, long limit) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes: " + bytes + " (expected: >= 0)");
        }
        long before = counter.get();
        while (bytes <= limit - before) {
            long witness = counter.compareAndExchange(before, before + bytes);
            if (witness == before) {
                return true;
            }
            before = witness;
        }
        return false;
    }

    private static void subtract(AtomicLong counter, long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes: " + bytes + " (expected: >= 0)");
        }
        if (counter.addAndGet(-bytes) < 0) {
            counter.addAndGet(bytes);
            throw new IllegalStateException("released " + bytes + " bytes that were never reserved");
        }
    }
}
