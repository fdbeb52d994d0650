package io.dray.router.model;

import java.util.Map;

/** Runs by their seeds, as the model test and the test of the planted faults call them. */
public final class ModelRun {
    /** How long a schedule is, unless somebody wants another length. */
    static final int STEPS = 150;

    /** Every so many seeds one is of too much work instead of too many faults. */
    private static final int OVERLOAD_EVERY = 8;

    private ModelRun() {}

    /** Returns the first law that a schedule breaks; empty when it keeps all. */
    public static String broken(long seed) {
        return run(seed, STEPS, false).words();
    }

    /** What a run came to. */
    record Result(Ledger ledger, String words) {
        boolean isBroken() {
            return !words.isEmpty();
        }

        Map<String, Integer> counts() {
            return ledger.counts();
        }
    }

    static Result run(long seed, int steps, boolean tracing) {
        try (DefectLog log = new DefectLog()) {
            Ledger ledger =
                    seed % OVERLOAD_EVERY == 0 ? Overload.play(seed, steps, tracing) : World.play(seed, steps, tracing);
            String broken = ledger.broken();
            String defect = log.defect();
            if (defect != null) {
                return new Result(ledger, "a defect was logged: " + defect);
            }
            return new Result(ledger, broken == null ? "" : broken);
        }
    }

    /** Returns what people need of a seed that breaks a law: the shortest schedule that does, and how to run it. */
    static String report(long seed, int steps) {
        int shortest = 1;
        while (shortest < steps && !run(seed, shortest, false).isBroken()) {
            shortest++;
        }
        Result result = run(seed, shortest, true);
        return "seed " + seed + " breaks a law: " + result.words() + "\nThe shortest schedule that does has " + shortest
                + " steps. To run it alone:\n  mvn test -pl router -am -Dtest=ModelTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Ddray.model.seed=" + seed + " -Ddray.model.steps="
                + shortest
                + "\n" + String.join("\n", result.ledger().trace());
    }
}
