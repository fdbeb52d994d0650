package io.dray.sidecar.local;

import io.dray.sidecar.queue.Destination;
import io.dray.sidecar.queue.NumberRuns;
import io.dray.sidecar.queue.Origin;
import io.dray.sidecar.queue.Parcel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was delivered to an instance and is not yet answered, by the numbers of the deliveries. Not thread-safe.
 *
 * <p>Messages that one sender sends to one destination follow one another in all their numbers, so that thousands of
 * them are a few runs, and a receipt for a run is passed on as a run.
 */
final class Deliveries {
    /** A run ends at as many, or further apart in time: it is given up with the last one of it. */
    private static final int MAX_RUN = 1_024;

    private static final long MAX_DEADLINE_SPREAD_MICROS = 1_000_000;

    /** Deliveries somebody wants to hear the end of: of one sender to one destination, one after the other. */
    static final class Run extends NumberRuns.Run<Run> {
        final Origin origin;
        final Destination destination;
        final long session;
        final int wish;

        /** Of the first one. */
        final long sequence;

        /** Of the first one; 0 means that none has one. */
        final long ordinal;

        private final long firstDeadlineMicros;
        private long lastDeadlineMicros;

        private Run(Parcel parcel, long number, int count) {
            super(number, count);
            this.origin = parcel.origin;
            this.destination = parcel.destination;
            this.session = parcel.session;
            this.sequence = parcel.sequence;
            this.ordinal = parcel.ordinal;
            this.wish = parcel.wish;
            this.firstDeadlineMicros = parcel.deadlineMicros;
            this.lastDeadlineMicros = parcel.deadlineMicros;
        }

        private Run(Run whole, long firstOfTail, int tailCount) {
            super(firstOfTail, tailCount);
            long skipped = firstOfTail - whole.first();
            this.origin = whole.origin;
            this.destination = whole.destination;
            this.session = whole.session;
            this.sequence = whole.sequence + skipped;
            this.ordinal = whole.ordinal == 0 ? 0 : whole.ordinal + skipped;
            this.wish = whole.wish;
            this.firstDeadlineMicros = whole.firstDeadlineMicros;
            this.lastDeadlineMicros = whole.lastDeadlineMicros;
        }

        @Override
        protected Run from(long firstOfTail, int tailCount) {
            return new Run(this, firstOfTail, tailCount);
        }

        @SuppressWarnings("ReferenceEquality") // origins have no other identity
        private boolean continuesWith(Parcel parcel, long number) {
            int count = count();
            return number == first() + count
                    && parcel.sequence == sequence + count
                    && parcel.ordinal == (ordinal == 0 ? 0 : ordinal + count)
                    && parcel.origin == origin
                    && parcel.destination.equals(destination)
                    && parcel.session == session
                    && parcel.wish == wish
                    && count < MAX_RUN
                    && isNear(parcel.deadlineMicros);
        }

        private boolean isNear(long deadlineMicros) {
            return (deadlineMicros == 0) == (firstDeadlineMicros == 0)
                    && Math.abs(deadlineMicros - firstDeadlineMicros) < MAX_DEADLINE_SPREAD_MICROS;
        }

        private boolean isExpired(long nowMicros) {
            return lastDeadlineMicros != 0 && lastDeadlineMicros < nowMicros;
        }
    }

    private final NumberRuns<Run> runs = new NumberRuns<>();
    private @Nullable Run latest;

    /** Deliveries in here. */
    int size() {
        return runs.size();
    }

    /**
     * Adds what is being delivered; numbers only ascend.
     *
     * @param number of the first delivery
     * @param parcel the first one of the run
     */
    void add(long number, Parcel parcel, int count) {
        Run last = latest;
        if (last != null && last.continuesWith(parcel, number)) {
            runs.extend(last, count);
            last.lastDeadlineMicros = Math.max(last.lastDeadlineMicros, parcel.deadlineMicros);
            return;
        }
        Run run = alone(number, parcel, count);
        runs.add(run);
        latest = run;
    }

    /** Returns a run that is in no collection. */
    static Run alone(long number, Parcel parcel, int count) {
        return new Run(parcel, number, count);
    }

    /** Takes out what is in a run of numbers; numbers that were never given are ignored. */
    List<Run> take(long first, int count) {
        List<Run> taken = new ArrayList<>(1);
        long last = first + count - 1;
        // Unsigned on the wire: what is greater than a long can hold was never given.
        if (first >= 0 && last >= 0) {
            runs.take(first, last, _ -> true, taken::add);
            forgetLatest();
        }
        return taken;
    }

    /** Takes out those runs whose time has passed. */
    List<Run> takeExpired(long nowMicros) {
        List<Run> taken = new ArrayList<>();
        runs.take(run -> run.isExpired(nowMicros), taken::add);
        forgetLatest();
        return taken;
    }

    /** Takes out everything. */
    List<Run> takeAll() {
        List<Run> taken = new ArrayList<>();
        runs.take(_ -> true, taken::add);
        latest = null;
        return taken;
    }

    /** What was taken out must not grow on. */
    private void forgetLatest() {
        Run last = latest;
        if (last != null && runs.find(last.first()) != last) {
            latest = null;
        }
    }
}
