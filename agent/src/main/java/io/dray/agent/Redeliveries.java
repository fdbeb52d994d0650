package io.dray.agent;

import io.dray.core.wire.MessageId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The last deliveries above AT_MOST_ONCE that run or are done, so that one which comes again because its receipt was
 * lost with a stream does not run again. Of what is done only the id is kept. Guarded by itself.
 */
final class Redeliveries {
    private static final int REMEMBERED = 4_096;

    /** What is known of a message. */
    sealed interface Earlier {
        /** It has not come before, or failed: it is remembered now. */
        record None() implements Earlier {}

        /** Its handler has not returned yet. */
        record Running(Delivery delivery) implements Earlier {}

        /** Its handler has returned. */
        record Done() implements Earlier {}
    }

    private static final Earlier NONE = new Earlier.None();
    private static final Earlier DONE = new Earlier.Done();

    private final Map<MessageId, Earlier> known = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<MessageId, Earlier> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** Returns what became of the same message earlier; remembers a new one. */
    synchronized Earlier offer(Delivery delivery) {
        Earlier earlier = known.putIfAbsent(delivery.id(), new Earlier.Running(delivery));
        return earlier == null ? NONE : earlier;
    }

    synchronized void done(Delivery delivery) {
        known.replace(delivery.id(), DONE);
    }

    /** Forgets a message that failed: it may come again to be tried again. */
    synchronized void failed(Delivery delivery) {
        known.remove(delivery.id());
    }
}
