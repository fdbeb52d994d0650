package io.dray.bench.tasks;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Hands things over as they come, but only so many times at once: what comes meanwhile gathers, and leaves together.
 * Thread-safe.
 */
final class Gather<T> {
    private final int limit;
    private final int most;
    private final Sender<T> sender;
    private final Queue<T> waiting = new ArrayDeque<>();
    private int underWay;

    /** How things are handed over. */
    interface Sender<T> {
        /** Returns at once; {@code done} is run once the other side has answered. */
        void send(List<T> batch, Runnable done);
    }

    /** Creates one that hands over at most {@code most} things at once, and {@code limit} times at once. */
    Gather(int limit, int most, Sender<T> sender) {
        this.limit = limit;
        this.most = most;
        this.sender = sender;
    }

    void add(T thing) {
        synchronized (this) {
            waiting.add(thing);
        }
        send();
    }

    private void send() {
        List<T> batch = take();
        if (!batch.isEmpty()) {
            sender.send(batch, this::onDone);
        }
    }

    private synchronized List<T> take() {
        if (underWay == limit || waiting.isEmpty()) {
            return List.of();
        }
        underWay++;
        List<T> batch = new ArrayList<>(Math.min(most, waiting.size()));
        for (T next = waiting.poll(); next != null; next = batch.size() < most ? waiting.poll() : null) {
            batch.add(next);
        }
        return batch;
    }

    private void onDone() {
        synchronized (this) {
            underWay--;
        }
        send();
    }
}
