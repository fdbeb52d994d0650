package io.dray.sidecar.inbound;

import io.dray.core.wire.SlidingWindow4096;
import io.dray.sidecar.local.DoneListener;
import io.dray.sidecar.queue.Destination;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells duplicates of AT_LEAST_ONCE envelopes apart, by one sliding window for each session and destination.
 * Thread-safe: each window has its own lock.
 */
public final class SeenWindows implements DoneListener {
    private record Key(long session, Destination destination) {}

    private static final class Guarded {
        private final SlidingWindow4096 window = new SlidingWindow4096();
        private volatile long usedNanos;
    }

    private final Map<Key, Guarded> windows = new ConcurrentHashMap<>();

    /** Notes an ordinal and tells whether it is new, still being handled, done, or too old to know. */
    public SlidingWindow4096.Verdict offer(long session, Destination destination, long ordinal, long nowNanos) {
        Guarded guarded = windows.computeIfAbsent(new Key(session, destination), _ -> new Guarded());
        guarded.usedNanos = nowNanos;
        synchronized (guarded) {
            return guarded.window.offer(ordinal);
        }
    }

    @Override
    public void onDone(long session, Destination destination, long ordinal) {
        Guarded guarded = windows.get(new Key(session, destination));
        if (guarded != null) {
            synchronized (guarded) {
                guarded.window.done(ordinal);
            }
        }
    }

    @Override
    public void onUndone(long session, Destination destination, long ordinal) {
        Guarded guarded = windows.get(new Key(session, destination));
        if (guarded != null) {
            synchronized (guarded) {
                guarded.window.forget(ordinal);
            }
        }
    }

    /** Forgets windows that were not used for as long. */
    public void forgetIdle(long idleNanos, long nowNanos) {
        windows.values().removeIf(guarded -> nowNanos - guarded.usedNanos > idleNanos);
    }
}
