package io.dray.core.lifecycle;

import java.util.concurrent.CountDownLatch;

/**
 * Lets a main thread serve until the process is told to stop, and the process wait until it has stopped. Thread-safe.
 */
public final class StopSignal implements AutoCloseable {
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);

    /** Installs the hook that SIGTERM, SIGINT and {@code Runtime.exit} run. */
    public static StopSignal install() {
        var signal = new StopSignal();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(signal::onShutdown));
        return signal;
    }

    /** Waits until the process is told to stop. */
    public void await() throws InterruptedException {
        stop.await();
    }

    /** Says that everything is closed: the process may end. */
    @Override
    public void close() {
        stopped.countDown();
    }

    private void onShutdown() {
        stop.countDown();
        try {
            stopped.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
