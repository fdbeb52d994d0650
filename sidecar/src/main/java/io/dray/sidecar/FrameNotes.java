package io.dray.sidecar;

import io.dray.sidecar.queue.Hop;
import io.dray.types.v1.HopNote;
import java.util.ArrayList;
import java.util.List;

/** The notes of one frame, looked up by the index of an envelope. Owned by one loop, read again for each frame. */
final class FrameNotes {
    private static final Hop NOTHING = Hop.from("");

    private final List<HopNote> notes = new ArrayList<>();
    private final List<Hop> hops = new ArrayList<>();
    private int current;

    void read(List<HopNote> ofFrame) {
        notes.clear();
        hops.clear();
        current = 0;
        for (HopNote note : ofFrame) {
            notes.add(note);
            hops.add(Hop.of(note));
        }
    }

    /** Returns the facts about an envelope; indexes are asked for in ascending order. */
    Hop hop(int index) {
        return covers(index) ? hops.get(current) : NOTHING;
    }

    /** Returns the deadline in this host's clock; 0 means as in the envelope. */
    long deadlineMicros(int index) {
        return covers(index) ? notes.get(current).getDeadlineUnixMicros() : 0;
    }

    private boolean covers(int index) {
        while (current < notes.size() && end(notes.get(current)) <= index) {
            current++;
        }
        return current < notes.size() && notes.get(current).getFirst() <= index;
    }

    private static long end(HopNote note) {
        return Integer.toUnsignedLong(note.getFirst()) + Math.max(1, Integer.toUnsignedLong(note.getCount()));
    }
}
