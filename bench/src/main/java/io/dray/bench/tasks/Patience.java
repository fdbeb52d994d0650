package io.dray.bench.tasks;

import java.time.Duration;

/** Asks again and again, each few milliseconds, until something is so or the time is over. Stateless. */
final class Patience {
    private static final long POLL_MILLIS = 5;

    private Patience() {}

    /** Something that may be asked for. */
    interface Question<E extends Exception> {
        boolean isSo() throws E, InterruptedException;
    }

    /** Returns whether it was so in time. */
    static <E extends Exception> boolean until(Duration patience, Question<E> question) throws E, InterruptedException {
        long giveUp = System.nanoTime() + patience.toNanos();
        while (!question.isSo()) {
            if (System.nanoTime() > giveUp) {
                return false;
            }
            Thread.sleep(POLL_MILLIS);
        }
        return true;
    }
}
