package io.dray.bench.pressure;

import io.dray.bench.messaging.StepSuite.Step;
import java.util.List;

/** Slow, stopped, flooding and leaving neighbours. Stateless. */
public final class PressureSuite {
    /** As in reports. */
    public static final String NAME = "pressure";

    private PressureSuite() {}

    /**
     * Returns all scenarios; their timing is that of paired windows, from which others derive theirs.
     *
     * @return in the order measured
     */
    public static List<Step> steps() {
        return List.of(
                new Step(Isolation.CONSUMERS, Isolation.CONSUMERS_WHAT, Isolation::besideSlowConsumers),
                new Step(Isolation.LINK, Isolation.LINK_WHAT, Isolation::besideSlowLink),
                new Step(Lanes.NAME, Lanes.WHAT, Lanes::run),
                new Step(Flat.NAME, Flat.WHAT, Flat::run),
                new Step(Churn.NAME, Churn.WHAT, Churn::run));
    }
}
