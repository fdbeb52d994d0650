package io.dray.sidecar.inbound;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.dray.core.wire.SlidingWindow4096;
import io.dray.core.wire.SlidingWindow4096.Verdict;
import io.dray.sidecar.local.DoneListener;
import io.dray.sidecar.queue.Destination;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

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

    /** The pair that was asked for last: most envelopes follow one of the same pair, and a look-up costs 100 ns. */
    private static final class Recent {
        private final Key key;
        private final SlidingWindow4096 window;

        /** Since the cache heard of it; a race of two loops only makes it hear more seldom. */
        private int uses;

        private Recent(Key key, SlidingWindow4096 window) {
            this.key = key;
            this.window = window;
        }

        @SuppressWarnings("ReferenceEquality") // mostly the same memo; another one is compared
        private boolean isFor(long session, Destination destination) {
            return key.session == session && (key.destination == destination || key.destination.equals(destination));
        }
    }

    /** The cache must not take a window in use for an idle one. */
    private static final int USES_BEFORE_TOLD = 256;

    private final Cache<Key, SlidingWindow4096> windows = Caffeine.newBuilder()
            .maximumSize(MAX_WINDOWS)
            .expireAfterAccess(IDLE)
            .executor(Runnable::run)
            .build();
    private volatile @Nullable Recent recent;

    /** Notes an ordinal and tells whether it is new, still being handled, done, or too old to know. */
    public Verdict offer(long session, Destination destination, long ordinal) {
        SlidingWindow4096 window = window(session, destination);
        synchronized (window) {
            return window.offer(ordinal);
        }
    }

    /**
     * Notes a run of ordinals if each of them is greater than all before.
     *
     * @return whether it did; else nothing is noted, and they are to be offered one by one
     */
    public boolean offerNew(long session, Destination destination, long first, int count) {
        SlidingWindow4096 window = window(session, destination);
        synchronized (window) {
            if (Long.compareUnsigned(first, window.greatest()) <= 0
                    || Long.compareUnsigned(first + count, first) <= 0) {
                return false;
            }
            for (int i = 0; i < count; i++) {
                window.offer(first + i);
            }
            return true;
        }
    }

    @Override
    public void onDone(long session, Destination destination, long ordinal, int count) {
        SlidingWindow4096 window = known(session, destination);
        if (window != null) {
            synchronized (window) {
                for (int i = 0; i < count; i++) {
                    window.done(ordinal + i);
                }
            }
        }
    }

    @Override
    public void onUndone(long session, Destination destination, long ordinal, int count) {
        SlidingWindow4096 window = known(session, destination);
        if (window != null) {
            synchronized (window) {
                for (int i = 0; i < count; i++) {
                    window.forget(ordinal + i);
                }
            }
        }
    }

    private SlidingWindow4096 window(long session, Destination destination) {
        Recent last = recent;
        if (last == null || !last.isFor(session, destination)) {
            return looked(last, new Key(session, destination));
        }
        if (++last.uses >= USES_BEFORE_TOLD) {
            tell(last);
        }
        return last.window;
    }

    private @Nullable SlidingWindow4096 known(long session, Destination destination) {
        Recent last = recent;
        return last != null && last.isFor(session, destination)
                ? last.window
                : windows.getIfPresent(new Key(session, destination));
    }

    private SlidingWindow4096 looked(@Nullable Recent before, Key key) {
        if (before != null && before.uses > 0) {
            tell(before);
        }
        SlidingWindow4096 window = windows.get(key, _ -> new SlidingWindow4096());
        recent = new Recent(key, window);
        return window;
    }

    /** Tells the cache that a window was used, and puts it back if it was dropped meanwhile. */
    @SuppressWarnings("ReferenceEquality") // this very window is meant
    private void tell(Recent used) {
        used.uses = 0;
        if (windows.get(used.key, _ -> used.window) != used.window) {
            recent = null;
        }
    }

    /** Windows that are kept now. */
    long size() {
        windows.cleanUp();
        return windows.estimatedSize();
    }
}
