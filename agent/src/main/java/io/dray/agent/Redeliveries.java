package io.dray.agent;

import org.jspecify.annotations.Nullable;

/**
 * The last deliveries above AT_MOST_ONCE that run or are done, so that one which comes again because its receipt was
 * lost with a stream does not run again. Of what is done only the id is kept. Guarded by itself.
 */
final class Redeliveries {
    /*
     * A ring of columns in the order of arrival, found by chains of places. Neighbours of one session lie in neighbouring
     * chains, and a message costs no object: entries of a map, moved to the old generation and out again with each
     * message, cost a third of a receiver's time.
     */
    static final int REMEMBERED = 4_096;

    private static final int MASK = REMEMBERED - 1;

    /** What is known of a message. */
    sealed interface Earlier {
        /** It has not come before, or failed: it is remembered now. */
        record None() implements Earlier {}

        /** Its handler has not returned yet. */
        record Running(Delivery delivery) implements Earlier {}

        /** Its handler has returned. */
        record Done() implements Earlier {}
    }

    private static final Earlier NONE = new Earlier.None();
    private static final Earlier DONE = new Earlier.Done();

    private final long[] sessions = new long[REMEMBERED];
    private final long[] sequences = new long[REMEMBERED];
    private final @Nullable Delivery[] running = new @Nullable Delivery[REMEMBERED];
    private final boolean[] isKnown = new boolean[REMEMBERED];

    /** First place of each chain and the next one of each place; all one too great, so that 0 means none. */
    private final short[] chains = new short[REMEMBERED];

    private final short[] following = new short[REMEMBERED];
    private int next;

    /** Returns what became of the same message earlier; remembers a new one. */
    synchronized Earlier offer(Delivery delivery) {
        long session = delivery.incoming().session();
        long sequence = delivery.incoming().sequence();
        int chain = chain(session, sequence);
        for (int place = chains[chain] - 1; place >= 0; place = following[place] - 1) {
            if (sequences[place] == sequence && sessions[place] == session) {
                Delivery earlier = running[place];
                return earlier == null ? DONE : new Earlier.Running(earlier);
            }
        }
        int place = next;
        next = (next + 1) & MASK;
        forget(place);
        sessions[place] = session;
        sequences[place] = sequence;
        running[place] = delivery;
        isKnown[place] = true;
        following[place] = chains[chain];
        chains[chain] = (short) (place + 1);
        delivery.remembered = place;
        return NONE;
    }

    synchronized void done(Delivery delivery) {
        if (isRemembered(delivery)) {
            running[delivery.remembered] = null;
        }
    }

    /** Forgets a message that failed: it may come again to be tried again. */
    synchronized void failed(Delivery delivery) {
        if (isRemembered(delivery)) {
            forget(delivery.remembered);
        }
    }

    /** Its place may belong to a later one by now. */
    @SuppressWarnings("ReferenceEquality") // this very delivery is meant
    private boolean isRemembered(Delivery delivery) {
        return running[delivery.remembered] == delivery;
    }

    private void forget(int place) {
        if (!isKnown[place]) {
            return;
        }
        int chain = chain(sessions[place], sequences[place]);
        if (chains[chain] - 1 == place) {
            chains[chain] = following[place];
        } else {
            int before = chains[chain] - 1;
            while (following[before] - 1 != place) {
                before = following[before] - 1;
            }
            following[before] = following[place];
        }
        isKnown[place] = false;
        running[place] = null;
    }

    private static int chain(long session, long sequence) {
        return (int) (session + sequence) & MASK;
    }
}
