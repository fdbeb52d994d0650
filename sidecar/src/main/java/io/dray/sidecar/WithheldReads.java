package io.dray.sidecar;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/**
 * Reads that a stream does not ask for while its sender has too much in this process. Owned by the stream's loop.
 *
 * <p>At most one timer is on its way, however often somebody looks: a timer for each look would multiply.
 */
final class WithheldReads {
    private static final long LOOK_AGAIN_MILLIS = 1;

    private final ScheduledExecutorService loop;
    private final BooleanSupplier relaxed;
    private final IntConsumer request;
    private final Runnable again;
    private int withheld;
    private boolean timed;

    /**
     * Creates it with nothing withheld.
     *
     * @param relaxed whether the sender has little enough in the process again
     * @param request asks for as many frames
     * @param again run each millisecond while reads are withheld: does what does not depend on them, and looks
     */
    WithheldReads(ScheduledExecutorService loop, BooleanSupplier relaxed, IntConsumer request, Runnable again) {
        this.loop = loop;
        this.relaxed = relaxed;
        this.request = request;
        this.again = again;
    }

    /** Keeps one read back until there is room again. */
    void withhold() {
        withheld++;
        look();
    }

    /** Asks for what was kept back if there is room, else later. */
    void look() {
        if (withheld == 0) {
            return;
        }
        if (relaxed.getAsBoolean()) {
            int again = withheld;
            withheld = 0;
            request.accept(again);
        } else if (!timed) {
            timed = true;
            var _ = loop.schedule(this::onTime, LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Asks for nothing any more: the stream has ended. */
    void forget() {
        withheld = 0;
    }

    private void onTime() {
        timed = false;
        again.run();
    }
}
