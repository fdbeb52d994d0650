package io.dray.sidecar.tasks;

import io.dray.router.v1.AttemptEvent;
import io.dray.router.v1.Progress;
import io.dray.router.v1.WorkRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of attempts, numbered within this incarnation and kept until a receipt names it; each stream sends what
 * is kept again from the first. Progress without a checkpoint is not numbered: only the newest of an attempt is kept,
 * and only until it was sent once. Control loop only.
 */
final class EventLog {
    private static final int MAX_FRAME_BYTES = 512 * 1024;

    private final TreeMap<Long, AttemptEvent> kept = new TreeMap<>();
    private final Map<AttemptKey, AttemptEvent> progress = new LinkedHashMap<>();
    private long lastNumber;
    private long sentThrough;
    private long everSentThrough;

    /** Numbers and keeps an event; returns its number. */
    long add(AttemptKey key, AttemptEvent.Builder event) {
        lastNumber++;
        kept.put(
                lastNumber,
                event.setNumber(lastNumber).setAttempt(key.toRouter()).build());
        return lastNumber;
    }

    /** Replaces an event that no router can have seen yet; false when it may have been seen. */
    boolean replaceUnsent(long number, AttemptKey key, AttemptEvent.Builder event) {
        if (number <= everSentThrough || !kept.containsKey(number)) {
            return false;
        }
        kept.put(number, event.setNumber(number).setAttempt(key.toRouter()).build());
        return true;
    }

    void progress(AttemptKey key, Progress newest) {
        progress.put(
                key,
                AttemptEvent.newBuilder()
                        .setAttempt(key.toRouter())
                        .setProgress(newest)
                        .build());
    }

    void dropProgress(AttemptKey key) {
        progress.remove(key);
    }

    /** A new stream: everything kept is due again. */
    void onStream() {
        sentThrough = 0;
    }

    boolean isDue() {
        return kept.higherKey(sentThrough) != null || !progress.isEmpty();
    }

    /** Adds what is due to a frame, up to its size. */
    void fill(WorkRequest.Builder frame) {
        int bytes = 0;
        for (AttemptEvent event : kept.tailMap(sentThrough, false).values()) {
            int size = event.getSerializedSize();
            if (bytes > 0 && bytes + size > MAX_FRAME_BYTES) {
                return;
            }
            bytes += size;
            frame.addEvents(event);
            sentThrough = event.getNumber();
            everSentThrough = Math.max(everSentThrough, sentThrough);
        }
        var rest = progress.values().iterator();
        while (rest.hasNext() && bytes < MAX_FRAME_BYTES) {
            AttemptEvent event = rest.next();
            bytes += event.getSerializedSize();
            frame.addEvents(event);
            rest.remove();
        }
    }

    /** Forgets events that a receipt names; returns them. */
    List<AttemptEvent> receipted(long first, long count) {
        List<AttemptEvent> ended = new ArrayList<>();
        var run = kept.subMap(first, true, first + count - 1, true);
        ended.addAll(run.values());
        run.clear();
        return ended;
    }

    int size() {
        return kept.size();
    }
}
