package io.dray.sidecar.queue;

import io.dray.types.v1.Priority;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a sender is still to be told of its destinations, lane by lane. It holds back as long as any queue on the way
 * wants it to: a link with room again must not let go what the mailbox behind it still holds back. The latest word
 * counts: who does not read must not make them pile up. Thread-safe.
 */
public final class FlowWords {
    private record Way(Destination destination, int lane) {}

    /** Takes one word at a time. */
    public interface Listener {
        /** Hears whether to hold back what is for a destination with this priority. */
        void onFlow(Destination destination, Priority priority, boolean paused);
    }

    private final Map<Way, Integer> holders = new HashMap<>();
    private final Map<Way, Boolean> words = new LinkedHashMap<>();

    /**
     * Counts a queue that wants the sender to hold back, or wants it no longer. Each says so once and takes it back
     * once; which of the two is heard first does not matter.
     */
    public synchronized void put(Destination destination, int lane, boolean paused) {
        var way = new Way(destination, lane);
        int before = holders.getOrDefault(way, 0);
        int now = before + (paused ? 1 : -1);
        if (now == 0) {
            holders.remove(way);
        } else {
            holders.put(way, now);
        }
        if (before > 0 != now > 0) {
            words.put(way, now > 0);
        }
    }

    /** Says again what still holds, to a sender that forgot it with its stream. */
    public synchronized void repeat() {
        words.clear();
        holders.forEach((way, count) -> {
            if (count > 0) {
                words.put(way, true);
            }
        });
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
