package io.dray.router.tasks;

/**
 * How much of a queue or capability may be at work: attempts held at once and starts per second, 0 for no limit. A burst
 * of 0 means one second's worth. Immutable.
 */
public record Limit(Scope scope, String name, int maxRunning, double ratePerSecond, int burst, boolean strict) {
    /** What a limit is of; the numbers are stored. */
    public enum Scope {
        QUEUE(1),
        CAPABILITY(2);

        private final int number;

        Scope(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }

        /** Returns the scope of a stored number. */
        public static Scope of(int number) {
            for (Scope scope : values()) {
                if (scope.number == number) {
                    return scope;
                }
            }
            throw new IllegalArgumentException("scope of a limit: " + number + " (expected: 1 or 2)");
        }

        /** Returns the name that a limit of this scope goes by for a task. */
        public String nameOf(Submission submission) {
            return switch (this) {
                case QUEUE -> submission.spec().getQueue();
                case CAPABILITY -> submission.spec().getCapability();
            };
        }
    }

    /** Returns the limit that limits nothing. */
    public static Limit none(Scope scope, String name) {
        return new Limit(scope, name, 0, 0, 0, false);
    }

    /** Returns whether nothing of it is set. */
    public boolean isNone() {
        return maxRunning == 0 && ratePerSecond == 0 && !strict;
    }

    /** Returns how many starts may come at once after a pause; at least 1. */
    public double burstStarts() {
        return burst == 0 ? Math.max(1, ratePerSecond) : burst;
    }
}
