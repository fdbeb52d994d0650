package io.dray.sidecar.queue;

import io.dray.types.v1.Priority;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a sender is still to be told of its destinations, lane by lane. The latest word counts: who does not read must
 * not make them pile up. Thread-safe.
 */
public final class FlowWords {
    private record Way(Destination destination, int lane) {}

    /** Takes one word at a time. */
    public interface Listener {
        /** Hears whether to hold back what is for a destination with this priority. */
        void onFlow(Destination destination, Priority priority, boolean paused);
    }

    private final Map<Way, Boolean> words = new LinkedHashMap<>();

    /** Puts a word in, over what was said of the same before. */
    public synchronized void put(Destination destination, int lane, boolean paused) {
        words.put(new Way(destination, lane), paused);
    }

    /** Hands out the oldest words, at most as many. */
    public synchronized void take(int most, Listener listener) {
        var waiting = words.entrySet().iterator();
        for (int i = 0; i < most && waiting.hasNext(); i++) {
            var word = waiting.next();
            waiting.remove();
            Priority priority = Priority.forNumber(word.getKey().lane() + 1);
            listener.onFlow(word.getKey().destination(), priority, word.getValue());
        }
    }

    /** How many words wait. */
    public synchronized int size() {
        return words.size();
    }
}
