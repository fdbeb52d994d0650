package io.dray.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Values by sequences that are mostly given and mostly end in order, in pages of 32 neighbours. Not thread-safe.
 *
 * @param <T> what is kept; null means nothing
 */
final class SequenceMap<T> {
    /*
     * Neighbours come and go together: the sorted map of pages is touched once in 32 values, all others cost an index.
     * A hash table with linear probing moves whole clusters of neighbours on each removal, a tree or skip list takes an
     * entry for each. A run costs by what is held of it, not by what it claims; memory by what is held.
     */
    private static final int PAGE_BITS = 5;
    private static final int PAGE_SIZE = 1 << PAGE_BITS;
    private static final int MARKS = 3;

    private static final class Page {
        private final @Nullable Object[] values = new @Nullable Object[PAGE_SIZE];
        private final int[] marks = new int[MARKS];
        private long number;
        private int held;
    }

    private final NavigableMap<Long, Page> pages = new TreeMap<>();
    private @Nullable Page last;
    private @Nullable Page spare;
    private int size;

    /** Number of values. */
    int size() {
        return size;
    }

    /** Whether nothing is kept. */
    boolean isEmpty() {
        return size == 0;
    }

    /** Returns what is kept for a sequence. */
    @Nullable
    T get(long sequence) {
        Page page = page(sequence >> PAGE_BITS);
        return page == null ? null : at(page, index(sequence));
    }

    /** Keeps a value in place of what was kept for the sequence. */
    void put(long sequence, T value) {
        long number = sequence >> PAGE_BITS;
        Page page = page(number);
        if (page == null) {
            page = added(number);
        }
        int index = index(sequence);
        if (page.values[index] == null) {
            page.held++;
            size++;
        }
        page.values[index] = value;
        for (int mark = 0; mark < MARKS; mark++) {
            page.marks[mark] &= ~(1 << index);
        }
    }

    /**
     * Marks what is kept of a run, by page and not by value.
     *
     * @param first smallest sequence
     * @param last greatest sequence
     * @param mark 0-2; a sequence that is put again has none
     */
    void mark(long first, long last, int mark) {
        if (first > last || size == 0) {
            return;
        }
        long firstPage = first >> PAGE_BITS;
        long lastPage = last >> PAGE_BITS;
        for (Page page : pages.subMap(firstPage, true, lastPage, true).values()) {
            int from = page.number == firstPage ? index(first) : 0;
            int to = page.number == lastPage ? index(last) : PAGE_SIZE - 1;
            page.marks[mark] |= -1 << from & -1 >>> (PAGE_SIZE - 1 - to);
        }
    }

    /** Whether a sequence is marked. */
    boolean isMarked(long sequence, int mark) {
        Page page = page(sequence >> PAGE_BITS);
        return page != null && (page.marks[mark] & 1 << index(sequence)) != 0;
    }

    /** Forgets a sequence; returns what was kept for it. */
    @Nullable
    T remove(long sequence) {
        Page page = page(sequence >> PAGE_BITS);
        if (page == null) {
            return null;
        }
        T value = at(page, index(sequence));
        if (value != null) {
            clear(page, index(sequence));
            if (page.held == 0) {
                pages.remove(page.number);
                dropped(page);
            }
        }
        return value;
    }

    /** Returns all values in ascending order, as they are now. */
    List<T> values() {
        List<T> values = new ArrayList<>(size);
        for (Page page : pages.values()) {
            for (int index = 0; index < PAGE_SIZE; index++) {
                T value = at(page, index);
                if (value != null) {
                    values.add(value);
                }
            }
        }
        return values;
    }

    private @Nullable Page page(long number) {
        Page known = last;
        if (known != null && known.number == number) {
            return known;
        }
        Page found = pages.get(number);
        if (found != null) {
            last = found;
        }
        return found;
    }

    private Page added(long number) {
        Page reused = spare;
        Page page = reused == null ? new Page() : reused;
        spare = null;
        page.number = number;
        pages.put(number, page);
        last = page;
        return page;
    }

    private void dropped(Page page) {
        last = null;
        spare = page;
    }

    private void clear(Page page, int index) {
        page.values[index] = null;
        page.held--;
        size--;
    }

    @SuppressWarnings("unchecked") // only put writes, and it takes a T
    private @Nullable T at(Page page, int index) {
        return (T) page.values[index];
    }

    private static int index(long sequence) {
        return (int) sequence & (PAGE_SIZE - 1);
    }
}
