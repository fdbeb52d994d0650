package io.dray.sidecar;

import io.dray.core.wire.Header;
import io.dray.sidecar.queue.Destination;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns address bytes into destinations without making a string for each envelope: the last few are remembered. Owned by
 * one loop.
 */
final class DestinationMemo {
    private static final int SLOTS = 64;

    @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
    private record Entry(byte[] bytes, Destination destination) {}

    private final @Nullable Entry[] entries = new @Nullable Entry[SLOTS];

    /** Returns the destination of a walked envelope. */
    Destination of(byte[] frame, Header header) {
        int from = header.toOffset();
        int to = from + header.toLength();
        int slot = slotOf(frame, from, to);
        Entry entry = entries[slot];
        if (entry != null && Arrays.equals(frame, from, to, entry.bytes, 0, entry.bytes.length)) {
            return entry.destination;
        }
        String name = new String(frame, header.addressOffset(), header.addressLength(), StandardCharsets.UTF_8);
        var destination = new Destination(header.addressKind(), name);
        entries[slot] = new Entry(Arrays.copyOfRange(frame, from, to), destination);
        return destination;
    }

    private static int slotOf(byte[] bytes, int from, int to) {
        int hash = to - from;
        for (int i = Math.max(from, to - 8); i < to; i++) {
            hash = hash * 31 + bytes[i];
        }
        return hash & (SLOTS - 1);
    }
}
