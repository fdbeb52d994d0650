package io.dray.sidecar.queue;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Things with numbers, where neighbours that are alike are kept as one run: what follows one another costs a count, and
 * what ends as a run is cut out at once. Not thread-safe.
 *
 * @param <R> a run with what its numbers have in common
 */
public final class NumberRuns<R extends NumberRuns.Run<R>> {
    /** Neighbours that are alike. */
    public abstract static class Run<R extends Run<R>> {
        private long first;
        private int count;

        /** Creates the run of {@code count} numbers from {@code first}. */
        protected Run(long first, int count) {
            this.first = first;
            this.count = count;
        }

        /** First of its numbers. */
        public final long first() {
            return first;
        }

        /** How many numbers it has. */
        public final int count() {
            return count;
        }

        /** Returns a run of the last ones of its numbers. */
        protected abstract R from(long firstOfTail, int tailCount);

        private long last() {
            return first + count - 1;
        }
    }

    private final NavigableMap<Long, R> runs = new TreeMap<>();
    private int size;

    /** Numbers in all runs. */
    public int size() {
        return size;
    }

    /** Adds a run of which no number is in here. */
    public void add(R run) {
        runs.put(run.first(), run);
        size += run.count();
    }

    /** Makes a run that is in here longer, by numbers that are not. */
    public void extend(R run, int count) {
        ((Run<R>) run).count += count;
        size += count;
    }

    /** Returns the run that a number is in. */
    public @Nullable R find(long number) {
        Map.Entry<Long, R> entry = runs.floorEntry(number);
        return entry != null && ((Run<R>) entry.getValue()).last() >= number ? entry.getValue() : null;
    }

    /** Whether one of its numbers is between two others. */
    public boolean touches(long first, long last) {
        Map.Entry<Long, R> entry = runs.floorEntry(last);
        return entry != null && ((Run<R>) entry.getValue()).last() >= first;
    }

    /**
     * Cuts out what is between two numbers, where a run is wanted; costs by the runs there are, not by what is claimed.
     *
     * @param first smallest number
     * @param last greatest number
     * @param wanted asked once for each run
     * @param taken gets what was cut out, in ascending order; must not touch this
     */
    public void take(long first, long last, Predicate<? super R> wanted, Consumer<? super R> taken) {
        if (first > last || size == 0) {
            return;
        }
        Map.Entry<Long, R> entry = runs.floorEntry(first);
        if (entry == null || ((Run<R>) entry.getValue()).last() < first) {
            entry = runs.higherEntry(first);
        }
        while (entry != null && entry.getKey() <= last) {
            R run = entry.getValue();
            entry = runs.higherEntry(entry.getKey());
            if (wanted.test(run)) {
                taken.accept(cut(run, first, last));
            }
        }
    }

    /** Cuts out all runs that are wanted. */
    public void take(Predicate<? super R> wanted, Consumer<? super R> taken) {
        take(Long.MIN_VALUE, Long.MAX_VALUE, wanted, taken);
    }

    private R cut(R whole, long first, long last) {
        Run<R> run = whole;
        long end = run.last();
        if (end > last) {
            R tail = run.from(last + 1, (int) (end - last));
            runs.put(last + 1, tail);
            run.count -= tail.count();
        }
        R taken = whole;
        if (run.first < first) {
            taken = run.from(first, (int) (run.last() - first + 1));
            run.count -= taken.count();
        } else {
            runs.remove(run.first);
        }
        size -= taken.count();
        return taken;
    }
}
