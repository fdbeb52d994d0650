package io.dray.bench.messaging;

import io.dray.bench.load.Work;
import io.dray.bench.report.Contender;
import io.dray.bench.report.Shape;
import io.dray.bench.report.Workload;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One load and those who carry it in turn.
 *
 * @param name as in reports
 * @param what in a few words, for people
 * @param work the load, whatever its seconds
 * @param agents of the source, each with its counterpart in the sink; more than 1 receiver means one source
 * @param contenders in the order of their windows
 */
public record Scenario(String name, String what, Work work, int agents, List<Contender> contenders) {
    static final String SUITE = "messaging";

    /** Copies the list. */
    public Scenario {
        contenders = List.copyOf(contenders);
    }

    /** Returns the same load for some of its contenders. */
    Scenario with(List<Contender> some) {
        return new Scenario(name, what, work, agents, some);
    }

    /**
     * Returns what is asked of the contenders.
     *
     * @param suite whose
     * @return as in reports
     */
    public Workload workload(String suite) {
        @Nullable Integer outstanding = work.kind() == Work.Kind.CLOSED ? (Integer) work.outstanding() : null;
        @Nullable Long rate = work.kind() == Work.Kind.OPEN ? (Long) work.ratePerS() : null;
        return new Workload(suite, name, shape(), work.payloadBytes(), outstanding, rate);
    }

    /**
     * Returns the load that warms code up soonest: a slow load would leave most of it uncompiled, and its windows would
     * measure the interpreter.
     */
    Work fullSpeed() {
        if (work.kind() != Work.Kind.OPEN) {
            return work;
        }
        return work.isOneWay() ? Work.flood(work.payloadBytes(), 1) : Work.closed(work.payloadBytes(), 64);
    }

    private Shape shape() {
        return switch (work.kind()) {
            case OPEN -> Shape.OPEN;
            case CLOSED -> Shape.CLOSED;
            case FLOOD -> Shape.FLOOD;
        };
    }
}
