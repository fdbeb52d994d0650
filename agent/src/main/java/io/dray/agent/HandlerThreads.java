package io.dray.agent;

import io.dray.core.net.LaneSchedule;
import io.dray.core.wire.MessageId;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs deliveries on virtual threads: by lanes, at most so many at once, one after the other for each ordering key. A
 * few more may run when they are CRITICAL. Guarded by one lock that is never held while a handler runs.
 */
final class HandlerThreads {
    private static final int RESERVE_PART = 16;

    private final int concurrency;
    private final Consumer<Delivery> onTaken;
    private final ReentrantLock lock = new ReentrantLock();
    private final Lanes<Delivery> waiting = new Lanes<>();
    private final Map<String, Queue<Delivery>> busyKeys = new HashMap<>();
    private final Map<MessageId, Delivery> requests = new HashMap<>();
    private int running;
    private boolean isSpareComing;

    /** Creates it idle; {@code onTaken} hears of each delivery when it leaves the queue. */
    HandlerThreads(int concurrency, Consumer<Delivery> onTaken) {
        this.concurrency = concurrency;
        this.onTaken = onTaken;
    }

    /** Queues deliveries in their order. */
    void offer(List<Delivery> deliveries) {
        boolean isSpareNeeded;
        lock.lock();
        try {
            for (Delivery delivery : deliveries) {
                waiting.addLast(LaneSchedule.laneOf(delivery.incoming().priority()), delivery);
                if (delivery.isRequest()) {
                    requests.put(delivery.id(), delivery);
                }
            }
            isSpareNeeded = needsSpare();
        } finally {
            lock.unlock();
        }
        startIf(isSpareNeeded);
    }

    /** Cancels a request, whether it waits or runs. */
    void cancel(MessageId request) {
        Delivery delivery;
        lock.lock();
        try {
            delivery = requests.get(request);
        } finally {
            lock.unlock();
        }
        if (delivery != null) {
            delivery.cancel();
        }
    }

    boolean isIdle() {
        lock.lock();
        try {
            return running == 0 && waiting.size() == 0 && !isSpareComing;
        } finally {
            lock.unlock();
        }
    }

    /** Interrupts all handlers of requests that still run. */
    void cancelAll() {
        List<Delivery> all;
        lock.lock();
        try {
            all = List.copyOf(requests.values());
        } finally {
            lock.unlock();
        }
        all.forEach(Delivery::cancel);
    }

    private void work() {
        for (Delivery delivery = next(null); delivery != null; delivery = next(delivery)) {
            onTaken.accept(delivery);
            delivery.runInterruptibly();
        }
    }

    /** Ends one, or the coming of this thread, and returns what it does next; sees to a thread for what still waits. */
    private @Nullable Delivery next(@Nullable Delivery ended) {
        Delivery next;
        boolean isSpareNeeded;
        lock.lock();
        try {
            next = ended == null ? null : end(ended);
            if (ended == null) {
                isSpareComing = false;
            }
            if (next == null) {
                next = take();
                running += next == null ? 0 : 1;
            }
            isSpareNeeded = needsSpare();
        } finally {
            lock.unlock();
        }
        startIf(isSpareNeeded);
        return next;
    }

    /** Ends a delivery; returns the next one of its ordering key, which keeps its place among the running ones. */
    private @Nullable Delivery end(Delivery ended) {
        if (ended.isRequest()) {
            requests.remove(ended.id(), ended);
        }
        Delivery next = nextOfKey(ended.incoming().orderingKey());
        if (next == null) {
            running--;
        }
        return next;
    }

    /* As in SpareThreads: one thread does many quick messages, and one that blocks holds up none. */
    private boolean needsSpare() {
        boolean isNeeded = waiting.size() > 0 && !isSpareComing && mayRunMore();
        isSpareComing |= isNeeded;
        return isNeeded;
    }

    private void startIf(boolean needed) {
        if (needed) {
            Thread.ofVirtual().name("dray-handler").start(this::work);
        }
    }

    private @Nullable Delivery nextOfKey(String key) {
        if (key.isEmpty()) {
            return null;
        }
        Queue<Delivery> queue = busyKeys.get(key);
        Delivery next = queue == null ? null : queue.poll();
        if (next == null) {
            busyKeys.remove(key);
        }
        return next;
    }

    /** Takes one that may run now; those of a busy key move to the queue of their key. */
    private @Nullable Delivery take() {
        while (true) {
            Delivery next = takeByLane();
            String key = next == null ? "" : next.incoming().orderingKey();
            if (next == null || key.isEmpty()) {
                return next;
            }
            Queue<Delivery> queue = busyKeys.get(key);
            if (queue == null) {
                busyKeys.put(key, new ArrayDeque<>());
                return next;
            }
            queue.add(next);
        }
    }

    private @Nullable Delivery takeByLane() {
        if (running < concurrency) {
            return waiting.poll();
        }
        return running < concurrency + reserve() ? waiting.pollCritical() : null;
    }

    private boolean mayRunMore() {
        return running < concurrency || (running < concurrency + reserve() && waiting.hasCritical());
    }

    private int reserve() {
        return Math.max(1, concurrency / RESERVE_PART);
    }
}
