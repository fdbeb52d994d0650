package io.dray.sidecar.outbound;

import io.dray.sidecar.peers.Peer;
import io.dray.sidecar.queue.Levels;
import io.dray.sidecar.queue.NumberRuns;
import io.dray.sidecar.queue.Origin;
import io.dray.sidecar.queue.Parcel;
import io.dray.types.v1.Error;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which node has which envelopes of this host's agents, for those whose end somebody waits for: to refuse them when the
 * node is lost, and to send a resend where the first copy went. Thread-safe.
 */
final class Custody {
    /** A run ends at as many, or further apart in time: it is forgotten with the last one of it. */
    private static final int MAX_RUN = 1_024;

    private static final long MAX_DEADLINE_SPREAD_MICROS = 1_000_000;

    /** Envelopes of one session that went to one start of a node, one after the other. */
    private static final class Held extends NumberRuns.Run<Held> {
        private final String node;
        private final long incarnation;
        private final Origin origin;
        private final boolean sticky;
        private final int wish;
        private final long firstDeadlineMicros;
        private long lastDeadlineMicros;

        Held(Parcel parcel, String node, long incarnation) {
            super(parcel.sequence, parcel.count);
            this.node = node;
            this.incarnation = incarnation;
            this.origin = parcel.origin;
            this.sticky = parcel.ordinal != 0;
            this.wish = parcel.wish;
            this.firstDeadlineMicros = parcel.deadlineMicros;
            this.lastDeadlineMicros = parcel.deadlineMicros;
        }

        private Held(Held whole, long firstOfTail, int tailCount) {
            super(firstOfTail, tailCount);
            this.node = whole.node;
            this.incarnation = whole.incarnation;
            this.origin = whole.origin;
            this.sticky = whole.sticky;
            this.wish = whole.wish;
            this.firstDeadlineMicros = whole.firstDeadlineMicros;
            this.lastDeadlineMicros = whole.lastDeadlineMicros;
        }

        @Override
        protected Held from(long firstOfTail, int tailCount) {
            return new Held(this, firstOfTail, tailCount);
        }

        @SuppressWarnings("ReferenceEquality") // origins have no other identity
        boolean continuesWith(Parcel parcel, String toNode, long toIncarnation) {
            long deadlineMicros = parcel.deadlineMicros;
            return parcel.sequence == first() + count()
                    && count() < MAX_RUN
                    && parcel.origin == origin
                    && (parcel.ordinal != 0) == sticky
                    && parcel.wish == wish
                    && isAt(toNode, toIncarnation)
                    && (deadlineMicros == 0) == (firstDeadlineMicros == 0)
                    && Math.abs(deadlineMicros - firstDeadlineMicros) < MAX_DEADLINE_SPREAD_MICROS;
        }

        /** A later start of the node may have got envelopes before the link to the former one is closed. */
        boolean isAt(String aNode, long anIncarnation) {
            return incarnation == anIncarnation && node.equals(aNode);
        }

        /** Whether nothing more is to come for the sender. */
        boolean endsWith(int level) {
            return level >= Levels.DONE || (!sticky && level >= wish);
        }

        boolean isExpired(long nowMicros) {
            return lastDeadlineMicros != 0 && lastDeadlineMicros < nowMicros;
        }
    }

    /** Of one session: runs, so that an envelope among its neighbours costs a count. Guarded by the custody. */
    private static final class OfSession {
        private final NumberRuns<Held> runs = new NumberRuns<>();
        private @Nullable Held latest;

        void add(Parcel parcel, String node, long incarnation) {
            Held last = latest;
            long end = parcel.sequence + parcel.count - 1;
            // A resend takes the place of what was noted of the first copy.
            take(parcel.sequence, end, _ -> true, _ -> {});
            if (last != null && last == latest && last.continuesWith(parcel, node, incarnation)) {
                runs.extend(last, parcel.count);
                last.lastDeadlineMicros = Math.max(last.lastDeadlineMicros, parcel.deadlineMicros);
                return;
            }
            latest = new Held(parcel, node, incarnation);
            runs.add(latest);
        }

        /** What was taken out must not grow on. */
        void take(long first, long last, Predicate<Held> wanted, Consumer<Held> taken) {
            runs.take(first, last, wanted, taken);
            if (latest != null && runs.find(latest.first()) != latest) {
                latest = null;
            }
        }
    }

    private final SortedMap<Long, OfSession> sessions = new TreeMap<>();

    /** Notes that a tracked envelope is being written to a node. */
    synchronized void sent(Parcel parcel, String node, long incarnation) {
        sessions.computeIfAbsent(parcel.session, _ -> new OfSession()).add(parcel, node, incarnation);
    }

    /** Returns the node that has the envelope, if the same incarnation of it still lives. */
    @Nullable
    String nodeOf(Parcel parcel, PeerLinks links) {
        Held held = held(parcel.session, parcel.sequence);
        return held != null && links.lives(held.node, held.incarnation) ? held.node : null;
    }

    /** Whether something is held of a run. */
    synchronized boolean holdsAny(Parcel run) {
        OfSession ofSession = sessions.get(run.session);
        return ofSession != null && ofSession.runs.touches(run.sequence, run.sequence + run.count - 1);
    }

    /** Notes what a node said of a run; ends custody when the level is final for the sender. */
    synchronized void said(long session, long first, int count, int level) {
        OfSession ofSession = level < Levels.DELIVERED ? null : sessions.get(session);
        if (ofSession != null) {
            long last = first + Math.max(count, 1) - 1;
            ofSession.take(first, last < first ? Long.MAX_VALUE : last, held -> held.endsWith(level), _ -> {});
        }
    }

    /** Refuses everything that a start of a node has; resends of AT_LEAST_ONCE still go there while its incarnation lives. */
    void lost(Peer peer, Error error) {
        record Lost(long session, Origin origin, long first, int count) {}
        List<Lost> lost = new ArrayList<>();
        synchronized (this) {
            sessions.forEach((session, ofSession) -> {
                Consumer<Held> note = held -> lost.add(new Lost(session, held.origin, held.first(), held.count()));
                ofSession.take(
                        Long.MIN_VALUE,
                        Long.MAX_VALUE,
                        held -> {
                            boolean isLost = held.isAt(peer.node(), peer.incarnation());
                            if (isLost && held.sticky) {
                                note.accept(held);
                            }
                            return isLost && !held.sticky;
                        },
                        note);
            });
        }
        lost.forEach(run -> run.origin.receipts(run.session, run.first, run.count, Levels.REFUSED, error));
    }

    /** Forgets what nobody waits for any more. */
    synchronized void forgetExpired(long nowMicros) {
        for (OfSession ofSession : sessions.values()) {
            ofSession.take(Long.MIN_VALUE, Long.MAX_VALUE, held -> held.isExpired(nowMicros), _ -> {});
        }
        sessions.values().removeIf(ofSession -> ofSession.runs.size() == 0);
    }

    private synchronized @Nullable Held held(long session, long sequence) {
        OfSession ofSession = sessions.get(session);
        return ofSession == null ? null : ofSession.runs.find(sequence);
    }
}
