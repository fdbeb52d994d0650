package io.dray.sidecar;

import io.dray.core.net.GrpcServers;
import io.dray.core.net.MemoryBudget;
import io.dray.core.wire.MeshError;
import io.dray.sidecar.queue.LaneQueue;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Room for the calls of the unary door that are open: so many of one connection and of all, each with a part of the
 * memory budget for itself, and another part for what lies in them. Who finds no room for an envelope waits, in its
 * order within its connection, and connections take turns; meanwhile clients that do not read what they were answered
 * lose it. The last of the budget is left to queues; what they hand over may be of it. Thread-safe; those that waited
 * are woken, and clients asked, outside of the lock.
 */
final class DoorPlaces {
    /** Open calls of one connection: as many as HTTP/2 has streams there, so that further ones wait in the client. */
    static final int MAX_OF_CONNECTION = GrpcServers.MAX_CALLS_PER_CONNECTION;

    /** The last quarter of all is for connections that have no more than that. */
    private static final int MAX_WHEN_SCARCE = 16;

    /** Open calls of all connections. */
    static final int MAX_OF_NODE = 4_096;

    /** What a call takes without its payload: client, mailbox, writer. */
    private static final long CALL_BYTES = 4 * 1024;

    private static final Logger log = LoggerFactory.getLogger(DoorPlaces.class);

    private static final int CONNECTION_PART = 4;

    /** The head of an envelope's range. */
    private static final long RANGE_HEAD_BYTES = 16;

    private final MemoryBudget.Share base;
    /** Apart from what calls take themselves: else as many as there are would wait for each other to get an answer. */
    private final MemoryBudget.Share room;

    private final long connectionBytes;
    private final Map<Object, Taken> taken = new HashMap<>();
    private final Queue<Taken> hungry = new ArrayDeque<>();
    private final Map<Place, UnreadAnswer> unread = new LinkedHashMap<>();
    private int calls;
    /** Somebody was refused, for want of what all have together, since it was swept. */
    private boolean isShort;

    /** What one connection has. */
    private static final class Taken {
        private final Queue<Place> waiting = new ArrayDeque<>();
        private boolean isHungry;
        private boolean isShort;
        private int calls;
        private long bytes;
    }

    /**
     * Creates it with nothing taken.
     *
     * @param partBytes what all calls may take together, and the same again for what lies in them
     * @param largestBytes an envelope of that size must fit, whatever the part of a connection is
     */
    DoorPlaces(MemoryBudget budget, long partBytes, long largestBytes) {
        long spare = LaneQueue.scarceBytes(budget);
        this.base = budget.share("calls of the unary door", partBytes, spare);
        this.room = budget.share("payloads in calls of the unary door", partBytes, spare);
        long part = Math.max(partBytes / CONNECTION_PART, largestBytes + RANGE_HEAD_BYTES);
        this.connectionBytes = Math.min(part, partBytes);
    }

    /**
     * Takes a place for a call.
     *
     * @throws io.grpc.StatusRuntimeException TOO_MANY or MEMORY_FULL
     */
    synchronized Place take(Object connection) {
        Taken own = taken.getOrDefault(connection, new Taken());
        boolean isScarce = calls >= MAX_OF_NODE / 4 * 3;
        int most = isScarce ? MAX_WHEN_SCARCE : MAX_OF_CONNECTION;
        own.isShort |= own.calls >= most;
        isShort |= calls >= MAX_OF_NODE || (isScarce && own.calls >= most);
        check("too many open calls of one connection; use another one, or attach", own.calls, MAX_OF_CONNECTION);
        check("too many open calls of the unary door; try again, or attach", calls, MAX_OF_NODE);
        check("too many open calls of one connection while few are left; try again", own.calls, most);
        if (!base.tryReserve(CALL_BYTES)) {
            isShort = true;
            throw MeshError.toStatus(full(CALL_BYTES));
        }
        taken.put(connection, own);
        own.calls++;
        calls++;
        return new Place(connection, own);
    }

    /** What a call is told when its payload finds no room. */
    static Error full(long bytes) {
        return MeshError.of(
                Code.CODE_MEMORY_FULL,
                "no room for a call of the unary door; read what was answered, or try again",
                bytes + " B",
                "room in the calls' part of memory.budget");
    }

    /**
     * Ends the calls whose clients have taken next to nothing of an answer for 30 s, if others wait for what those hold;
     * called about once a second, by one thread.
     */
    void sweep(long nowNanos) {
        Map<Place, UnreadAnswer> stuck;
        synchronized (this) {
            stuck = new HashMap<>(unread);
        }
        stuck.values().removeIf(answer -> !answer.isStuck(nowNanos));
        synchronized (this) {
            boolean isShortForAll = isShort || hungry.stream().anyMatch(this::waitsForOthers);
            stuck.keySet().removeIf(place -> !isShortForAll && !place.own.isShort && place.own.waiting.isEmpty());
            isShort = false;
            taken.values().forEach(own -> own.isShort = false);
        }
        stuck.values().forEach(UnreadAnswer::cutOff);
        if (!stuck.isEmpty()) {
            log.atInfo()
                    .addKeyValue("calls", stuck.size())
                    .log("calls of the unary door ended: what they were answered was not read while others waited");
        }
    }

    /** Open calls. */
    synchronized int calls() {
        return calls;
    }

    private static void check(String message, int present, int most) {
        if (present >= most) {
            throw MeshError.toStatus(
                    MeshError.of(Code.CODE_TOO_MANY, message, "over " + most, "at most " + most + " at a time"));
        }
    }

    /** Keeps room for those that wait for it, one of each connection in turn; returns what wakes them. */
    private List<Runnable> serve() {
        List<Runnable> woken = new ArrayList<>();
        List<Taken> served = new ArrayList<>();
        do {
            served.clear();
            hungry.removeIf(own -> own.waiting.isEmpty() ? rested(own) : isServed(own, woken) && served.add(own));
            hungry.addAll(served);
        } while (!served.isEmpty());
        return woken;
    }

    private static boolean rested(Taken own) {
        own.isHungry = false;
        return true;
    }

    private boolean waitsForOthers(Taken own) {
        return !own.waiting.isEmpty() && own.bytes + own.waiting.element().wanted <= connectionBytes;
    }

    private boolean isServed(Taken own, List<Runnable> woken) {
        Place first = own.waiting.element();
        if (own.bytes + first.wanted > connectionBytes || !room.tryTakeOver(first.wanted)) {
            return false;
        }
        own.waiting.remove();
        own.bytes += first.wanted;
        first.kept = first.wanted;
        woken.add(first.wake);
        return true;
    }

    private void release(Taken own, long less) {
        own.bytes -= less;
        room.release(less);
    }

    /** The place of one call, with what it holds; closing it twice does nothing. */
    final class Place implements AutoCloseable {
        private final Object connection;
        private final Taken own;
        private long bytes;
        /** Waits for so many bytes, or has got them and was woken. */
        private long wanted;

        private long kept;
        private Runnable wake = () -> {};
        private boolean closed;

        private Place(Object connection, Taken own) {
            this.connection = connection;
            this.own = own;
        }

        /** The most that a place may ever hold. */
        long mostBytes() {
            return connectionBytes;
        }

        /** Reserves bytes until the place is closed or they are let go; false when there is no room. */
        boolean tryHold(long more) {
            synchronized (DoorPlaces.this) {
                boolean isHeld = holds(more);
                boolean isOwnFull = own.bytes + more > connectionBytes;
                own.isShort |= !isHeld && isOwnFull;
                isShort |= !isHeld && !isOwnFull;
                return isHeld;
            }
        }

        private boolean holds(long more) {
            if (closed || own.bytes + more > connectionBytes || !room.tryReserve(more)) {
                return false;
            }
            bytes += more;
            own.bytes += more;
            return true;
        }

        /**
         * Takes over bytes of envelopes that wait in a mailbox, which is about to give them back.
         *
         * @param least at most {@link #mostBytes()}
         * @param most taken if there is room and nobody waits for it
         * @param whenRoom called by any thread, once the least is kept for the next call
         * @return what is held; 0 when there is no room for the least now
         */
        long hold(long least, long most, Runnable whenRoom) {
            List<Runnable> served = List.of();
            long held;
            synchronized (DoorPlaces.this) {
                if (kept < least) {
                    served = ask(least, whenRoom);
                }
                held = kept;
                kept = 0;
                bytes += held;
                long more = held == 0 || !hungry.isEmpty() ? 0 : most - held;
                held += more > 0 && holds(more) ? more : 0;
            }
            served.forEach(Runnable::run);
            return held;
        }

        /** Waits no more, and lets go of what was kept for it. */
        void stopWaiting() {
            List<Runnable> served;
            synchronized (DoorPlaces.this) {
                own.waiting.remove(this);
                release(own, kept);
                kept = 0;
                served = serve();
            }
            served.forEach(Runnable::run);
        }

        /** Lets go of so many bytes of what it holds. */
        void giveBack(long less) {
            List<Runnable> served;
            synchronized (DoorPlaces.this) {
                long real = Math.min(less, bytes);
                if (real == 0) {
                    return;
                }
                bytes -= real;
                release(own, real);
                served = serve();
            }
            served.forEach(Runnable::run);
        }

        /** Notes that its client is to read what it was answered. */
        void answered(UnreadAnswer.Client client) {
            synchronized (DoorPlaces.this) {
                if (!closed) {
                    unread.computeIfAbsent(this, _ -> new UnreadAnswer(client));
                }
            }
        }

        /** Lets go of all but the call's own cost: its client has read what it was answered. */
        void letGo() {
            synchronized (DoorPlaces.this) {
                unread.remove(this);
            }
            giveBack(Long.MAX_VALUE);
        }

        @Override
        public void close() {
            List<Runnable> served;
            synchronized (DoorPlaces.this) {
                if (closed) {
                    return;
                }
                closed = true;
                unread.remove(this);
                own.waiting.remove(this);
                release(own, bytes + kept);
                bytes = 0;
                kept = 0;
                base.release(CALL_BYTES);
                calls--;
                own.calls--;
                if (own.calls == 0) {
                    taken.remove(connection);
                }
                served = serve();
            }
            served.forEach(Runnable::run);
        }

        /** Stands in the queue with a wish; what it gets at once is no reason to wake it. */
        private List<Runnable> ask(long least, Runnable whenRoom) {
            if (closed) {
                return List.of();
            }
            release(own, kept);
            kept = 0;
            wanted = least;
            wake = whenRoom;
            if (!own.waiting.contains(this)) {
                own.waiting.add(this);
            }
            if (!own.isHungry) {
                own.isHungry = true;
                hungry.add(own);
            }
            List<Runnable> served = serve();
            if (kept > 0) {
                served.remove(whenRoom);
            }
            return served;
        }
    }
}
