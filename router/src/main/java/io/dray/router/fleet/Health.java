package io.dray.router.fleet;

import java.time.Duration;
import java.util.Locale;

/** How the attempts of one node ended lately. Owned by the dispatcher's thread. */
final class Health {
    /*
     * Two tallies, both halved every HALF_LIFE. Beats: half seconds in which an attempt succeeded, and those in which the
     * node was at fault (a worker or a lease lost, assignments rejected); many attempts that die of one blow are one
     * fault, and one crash ejects nobody. Outcomes: handlers that returned or threw, one by one. A handler that throws is
     * not the node's fault, unless it throws here far more often than elsewhere: a full disk, a broken tool.
     */
    private static final Duration HALF_LIFE = Duration.ofSeconds(30);

    private static final Duration BEAT = Duration.ofMillis(500);
    private static final double REJECTION = 0.25;
    private static final double FEWEST_FAULTS = 2.5;
    private static final double FEWEST_OUTCOMES = 10;
    private static final double BAD_SHARE = 0.5;
    private static final double SUSPECT_SHARE = 0.25;
    private static final double TIMES_THE_OTHERS = 4;

    /** Handlers that returned and that threw, of one node or of all. */
    static final class Tally {
        private double returned;
        private double thrown;

        double all() {
            return returned + thrown;
        }

        private double thrownShare() {
            return all() == 0 ? 0 : thrown / all();
        }

        private void decay(double factor) {
            returned *= factor;
            thrown *= factor;
        }

        Tally less(Tally part) {
            Tally rest = new Tally();
            rest.returned = Math.max(0, returned - part.returned);
            rest.thrown = Math.max(0, thrown - part.thrown);
            return rest;
        }
    }

    private final Tally handlers = new Tally();
    private double goodBeats;
    private double faults;
    private long goodNanos = Long.MIN_VALUE / 2;
    private long faultNanos = Long.MIN_VALUE / 2;

    void succeeded(long nowNanos) {
        handlers.returned++;
        if (nowNanos - goodNanos >= BEAT.toNanos()) {
            goodNanos = nowNanos;
            goodBeats++;
        }
    }

    void handlerFailed() {
        handlers.thrown++;
    }

    void lost(long nowNanos) {
        fault(1, nowNanos);
    }

    void rejected(long nowNanos) {
        fault(REJECTION, nowNanos);
    }

    private void fault(double weight, long nowNanos) {
        if (nowNanos - faultNanos >= BEAT.toNanos()) {
            faultNanos = nowNanos;
            faults += weight;
        }
    }

    /** Lets what was become less. */
    void decay(long passedNanos) {
        double factor = Math.pow(0.5, (double) passedNanos / HALF_LIFE.toNanos());
        goodBeats *= factor;
        faults *= factor;
        handlers.decay(factor);
    }

    void add(Tally sum) {
        sum.returned += handlers.returned;
        sum.thrown += handlers.thrown;
    }

    /** Returns whether the node should get nothing new for a while. */
    boolean isBad(Tally all) {
        return (faults >= FEWEST_FAULTS && faultShare() > BAD_SHARE) || throwsMore(all);
    }

    /** Returns whether the node should come after the others. */
    boolean isSuspect(Tally all) {
        return (faults >= 1 && faultShare() > SUSPECT_SHARE) || throwsMore(all);
    }

    private double faultShare() {
        return faults / (faults + goodBeats);
    }

    private boolean throwsMore(Tally all) {
        Tally others = all.less(handlers);
        return handlers.all() >= FEWEST_OUTCOMES
                && others.all() >= FEWEST_OUTCOMES
                && handlers.thrownShare() > BAD_SHARE
                && handlers.thrownShare() > TIMES_THE_OTHERS * others.thrownShare();
    }

    /** Forgets all: the node is judged anew after its rest. */
    void clear() {
        handlers.decay(0);
        goodBeats = 0;
        faults = 0;
    }

    /** Returns what speaks against the node, for people. */
    String words() {
        return faults >= FEWEST_FAULTS
                ? String.format(Locale.ROOT, "%.1f faults lately", faults)
                : String.format(Locale.ROOT, "%.0f of %.0f handlers threw lately", handlers.thrown, handlers.all());
    }
}
