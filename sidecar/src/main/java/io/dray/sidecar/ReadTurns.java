package io.dray.sidecar;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What small words of a client may make a loop do in one turn: a hundred compressed frames of a read, or thousands of
 * words of frames in a ring, are a few kilobytes, and would else be inflated or copied before anybody beside them is
 * heard. Who finds nothing left reads on in the next turn, in order. Owned by the loop.
 */
final class ReadTurns {
    /** A millisecond or two, with what is done with the envelopes. */
    static final long TURN_BYTES = 1024 * 1024;

    private final ScheduledExecutorService loop;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private long spent;
    private boolean isTurnComing;

    ReadTurns(ScheduledExecutorService loop) {
        this.loop = loop;
    }

    /** Counts what a frame is about to become. */
    void spend(long bytes) {
        spent += bytes;
        expectTurn();
    }

    /** Asks for the next frame of a stream, now or in its turn. */
    void readOn(Runnable request) {
        if (spent < TURN_BYTES) {
            request.run();
        } else {
            waiting.add(request);
        }
    }

    private void expectTurn() {
        if (!isTurnComing) {
            isTurnComing = true;
            // What is executed may come up to 64 times before sockets are read again; what is timed comes behind them.
            var _ = loop.schedule(this::onTurn, 0, TimeUnit.NANOSECONDS);
        }
    }

    private void onTurn() {
        isTurnComing = false;
        spent = 0;
        // A request hands over a frame that is there already, which spends again.
        while (spent < TURN_BYTES && !waiting.isEmpty()) {
            waiting.remove().run();
        }
        if (!waiting.isEmpty()) {
            expectTurn();
        }
    }
}
