package io.dray.sidecar;

import io.dray.core.net.MemoryBudget;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;
import java.util.HashMap;
import java.util.Map;

/**
 * Room for the calls of the unary door that are open: so many of one connection and of all, each with a part of the
 * memory budget for itself and for what lies in it. Thread-safe.
 */
final class DoorPlaces {
    /** Open calls of one connection. */
    static final int MAX_OF_CONNECTION = 256;

    /** Open calls of all connections. */
    static final int MAX_OF_NODE = 4_096;

    /** What a call takes without its payload: client, mailbox, writer. */
    private static final long CALL_BYTES = 4 * 1024;

    private static final int CONNECTION_PART = 4;

    private final MemoryBudget.Share room;
    private final long connectionBytes;
    private final Map<Object, Taken> taken = new HashMap<>();
    private int calls;

    private static final class Taken {
        private int calls;
        private long bytes;
    }

    /**
     * Creates it with nothing taken.
     *
     * @param room what all calls may take together
     * @param largestBytes one of that size must fit, whatever the part of a connection is
     */
    DoorPlaces(MemoryBudget.Share room, long largestBytes) {
        this.room = room;
        this.connectionBytes = Math.max(room.limit() / CONNECTION_PART, largestBytes + CALL_BYTES * MAX_OF_CONNECTION);
    }

    /**
     * Takes a place for a call.
     *
     * @throws io.grpc.StatusRuntimeException TOO_MANY or MEMORY_FULL
     */
    synchronized Place take(Object connection) {
        Taken own = taken.getOrDefault(connection, new Taken());
        check("too many open calls of one connection; use another one, or attach", own.calls, MAX_OF_CONNECTION);
        check("too many open calls of the unary door; try again, or attach", calls, MAX_OF_NODE);
        var place = new Place(connection, own);
        taken.put(connection, own);
        own.calls++;
        calls++;
        if (!place.tryHold(CALL_BYTES)) {
            place.close();
            throw MeshError.toStatus(full(CALL_BYTES));
        }
        return place;
    }

    /** What a call is told when its payload finds no room. */
    static io.dray.types.v1.Error full(long bytes) {
        return MeshError.of(
                Code.CODE_MEMORY_FULL,
                "no room for a call of the unary door; read what was answered, or try again",
                bytes + " B",
                "room in the calls' part of memory.budget");
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

    /** The place of one call, with what it holds; closing it twice does nothing. */
    final class Place implements AutoCloseable {
        private final Object connection;
        private final Taken own;
        private long bytes;
        private boolean closed;

        private Place(Object connection, Taken own) {
            this.connection = connection;
            this.own = own;
        }

        /** Reserves bytes until the place is closed or they are let go; false when there is no room. */
        boolean tryHold(long more) {
            synchronized (DoorPlaces.this) {
                if (closed || own.bytes + more > connectionBytes || !room.tryReserve(more)) {
                    return false;
                }
                bytes += more;
                own.bytes += more;
                return true;
            }
        }

        /** Lets go of all but the call's own cost. */
        void letGo() {
            synchronized (DoorPlaces.this) {
                release(Math.max(0, bytes - CALL_BYTES));
            }
        }

        @Override
        public void close() {
            synchronized (DoorPlaces.this) {
                if (closed) {
                    return;
                }
                closed = true;
                release(bytes);
                calls--;
                own.calls--;
                if (own.calls == 0) {
                    taken.remove(connection);
                }
            }
        }

        private void release(long less) {
            if (less > 0) {
                bytes -= less;
                own.bytes -= less;
                room.release(less);
            }
        }
    }
}
