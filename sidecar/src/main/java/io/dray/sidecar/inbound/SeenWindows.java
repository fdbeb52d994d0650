package io.dray.sidecar.inbound;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.dray.core.wire.SlidingWindow4096;
import io.dray.sidecar.local.DoneListener;
import io.dray.sidecar.queue.Destination;
import java.time.Duration;

/**
 * Tells duplicates of AT_LEAST_ONCE envelopes apart, by one sliding window for each session and destination.
 * Thread-safe: each window has its own lock.
 *
 * <p>Bounded, since a window takes a kilobyte and each call of the unary door is a session of its own: the least used
 * windows go first, and a resend that comes after its window went runs again.
 */
public final class SeenWindows implements DoneListener {
    /** Windows that are kept at most. */
    static final int MAX_WINDOWS = 16_384;

    private static final Duration IDLE = Duration.ofMinutes(10);

    private record Key(long session, Destination destination) {}

    private final Cache<Key, SlidingWindow4096> windows = Caffeine.newBuilder()
            .maximumSize(MAX_WINDOWS)
            .expireAfterAccess(IDLE)
            .executor(Runnable::run)
            .build();

    /** Notes an ordinal and tells whether it is new, still being handled, done, or too old to know. */
    public SlidingWindow4096.Verdict offer(long session, Destination destination, long ordinal) {
        SlidingWindow4096 window = windows.get(new Key(session, destination), _ -> new SlidingWindow4096());
        synchronized (window) {
            return window.offer(ordinal);
        }
    }

    @Override
    public void onDone(long session, Destination destination, long ordinal) {
        SlidingWindow4096 window = windows.getIfPresent(new Key(session, destination));
        if (window != null) {
            synchronized (window) {
                window.done(ordinal);
            }
        }
    }

    @Override
    public void onUndone(long session, Destination destination, long ordinal) {
        SlidingWindow4096 window = windows.getIfPresent(new Key(session, destination));
        if (window != null) {
            synchronized (window) {
                window.forget(ordinal);
            }
        }
    }

    /** Windows that are kept now. */
    long size() {
        windows.cleanUp();
        return windows.estimatedSize();
    }
}
