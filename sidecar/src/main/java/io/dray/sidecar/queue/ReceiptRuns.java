package io.dray.sidecar.queue;

import io.dray.sidecar.frame.ProtoWriter;
import io.dray.types.v1.Error;
import io.dray.types.v1.Receipt;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Receipts that wait for a stream, with neighbours merged into runs as they come. Thread-safe.
 *
 * <p>The latest run of each level stays open: receipts of several levels alternate while their sequences ascend.
 */
public final class ReceiptRuns {
    private static final int LEVELS = 6;

    private long[] sessions = new long[16];
    private long[] firsts = new long[16];
    private int[] counts = new int[16];
    private int[] levels = new int[16];
    private @Nullable Error[] errors = new @Nullable Error[16];
    private int size;
    private final int[] open = new int[LEVELS];
    private final ProtoWriter one = new ProtoWriter();

    /** Creates an empty collection. */
    public ReceiptRuns() {
        Arrays.fill(open, -1);
    }

    /** Adds the receipt of one number. */
    public synchronized void add(long session, long number, int level, @Nullable Error error) {
        add(session, number, 1, level, error);
    }

    /** Adds the receipt of a run of numbers. */
    public synchronized void add(long session, long first, int count, int level, @Nullable Error error) {
        int last = open[level];
        if (last >= 0 && error == null && sessions[last] == session && firsts[last] + counts[last] == first) {
            counts[last] += count;
            return;
        }
        if (size == counts.length) {
            grow();
        }
        sessions[size] = session;
        firsts[size] = first;
        counts[size] = count;
        levels[size] = level;
        errors[size] = error;
        open[level] = error == null ? size : -1;
        size++;
    }

    /** Number of runs that wait. */
    public synchronized int size() {
        return size;
    }

    /**
     * Moves runs to a frame as repeated {@link Receipt} fields.
     *
     * @param field number of the field in the frame
     * @param named whether the session is written; without it the numbers are the stream's own
     * @param maxBytes stops once the writer holds as many bytes
     */
    public synchronized void moveTo(ProtoWriter target, int field, boolean named, int maxBytes) {
        int moved = 0;
        while (moved < size && target.size() < maxBytes) {
            write(moved++, named);
            target.message(field, one.bytes(), 0, one.size());
        }
        dropFirst(moved);
    }

    private void write(int index, boolean named) {
        one.clear();
        one.integer(Receipt.FIRST_FIELD_NUMBER, firsts[index]);
        one.integer(Receipt.COUNT_FIELD_NUMBER, counts[index] == 1 ? 0 : counts[index]);
        one.integer(Receipt.LEVEL_FIELD_NUMBER, levels[index]);
        Error error = errors[index];
        if (error != null) {
            one.bytes(Receipt.ERROR_FIELD_NUMBER, error.toByteArray());
        }
        if (named) {
            one.fixed64(Receipt.SESSION_FIELD_NUMBER, sessions[index]);
        }
    }

    private void dropFirst(int moved) {
        int left = size - moved;
        System.arraycopy(sessions, moved, sessions, 0, left);
        System.arraycopy(firsts, moved, firsts, 0, left);
        System.arraycopy(counts, moved, counts, 0, left);
        System.arraycopy(levels, moved, levels, 0, left);
        System.arraycopy(errors, moved, errors, 0, left);
        Arrays.fill(errors, left, size, null);
        size = left;
        for (int level = 0; level < LEVELS; level++) {
            open[level] = open[level] >= moved ? open[level] - moved : -1;
        }
    }

    private void grow() {
        sessions = Arrays.copyOf(sessions, size * 2);
        firsts = Arrays.copyOf(firsts, size * 2);
        counts = Arrays.copyOf(counts, size * 2);
        levels = Arrays.copyOf(levels, size * 2);
        errors = Arrays.copyOf(errors, size * 2);
    }
}
