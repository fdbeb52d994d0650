package io.dray.agent;

import java.util.concurrent.atomic.AtomicLong;

/** A count of bytes with a gate: shut at one mark, open again at a lower one. Thread-safe. */
final class Room {
    private final long stopBytes;
    private final long goOnBytes;
    private final AtomicLong used = new AtomicLong();
    private final Gate gate = new Gate();

    Room(long stopBytes, long goOnBytes) {
        this.stopBytes = stopBytes;
        this.goOnBytes = goOnBytes;
    }

    /** Counts bytes in. The caller sees to it that {@link #openIfRoom} is called later. */
    void add(long bytes) {
        if (used.addAndGet(bytes) >= stopBytes) {
            gate.shut();
        }
    }

    /** Counts bytes out, without opening the gate. */
    void remove(long bytes) {
        used.addAndGet(-bytes);
    }

    void openIfRoom() {
        if (gate.isShut() && used.get() <= goOnBytes) {
            gate.open();
        }
    }

    Gate gate() {
        return gate;
    }

    long used() {
        return used.get();
    }
}
