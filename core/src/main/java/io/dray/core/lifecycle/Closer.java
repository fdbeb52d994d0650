package io.dray.core.lifecycle;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Closes what was registered, last first: all of it, even if some fail. Thread-safe; closing twice does nothing. */
public final class Closer implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private boolean closed;

    /** Registers something and returns it. After the close it is closed at once, and this throws. */
    public <T extends AutoCloseable> T register(T closeable) {
        synchronized (open) {
            if (!closed) {
                open.push(closeable);
                return closeable;
            }
        }
        IllegalStateException late = new IllegalStateException("registered after close: " + closeable);
        closeOne(closeable, late);
        throw late;
    }

    /** Closes all, last registered first; throws the first failure with the others suppressed. */
    @Override
    public void close() throws IOException {
        Exception failure = null;
        for (AutoCloseable next = pop(); next != null; next = pop()) {
            failure = closeOne(next, failure);
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof IOException e) {
            throw e;
        }
        if (failure != null) {
            throw new IOException("close failed", failure);
        }
    }

    private @Nullable AutoCloseable pop() {
        synchronized (open) {
            closed = true;
            return open.poll();
        }
    }

    private static @Nullable Exception closeOne(AutoCloseable closeable, @Nullable Exception earlier) {
        try {
            closeable.close();
            return earlier;
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            if (earlier == null) {
                return e;
            }
            earlier.addSuppressed(e);
            return earlier;
        }
    }
}
