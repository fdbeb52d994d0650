package io.dray.bench.crash;

import java.util.ArrayList;
import java.util.List;

/** All that the ledgers say of one key. Filled and read by one thread. */
final class Life {
    static final long NEVER = Long.MAX_VALUE;

    final String key;
    final List<Start> starts = new ArrayList<>(1);
    final List<String> tasks = new ArrayList<>(1);
    boolean acknowledged;
    boolean finished;
    long settledMicros = NEVER;
    String refusal = "";

    /**
     * A handler has begun.
     *
     * @param atMicros when
     * @param token of the attempt; 0 of a message
     */
    record Start(long atMicros, long token) {}

    Life(String key) {
        this.key = key;
    }

    boolean isSettled() {
        return settledMicros != NEVER;
    }

    /** Runs that began after it was recorded as done. */
    List<Start> startsAfter(long micros) {
        return starts.stream().filter(start -> start.atMicros() > micros).toList();
    }

    void add(Entry entry) {
        switch (entry.event()) {
            case ACKNOWLEDGED -> {
                acknowledged = true;
                if (!tasks.contains(entry.detail())) {
                    tasks.add(entry.detail());
                }
            }
            case SETTLED -> settledMicros = Math.min(settledMicros, entry.atMicros());
            case REFUSED -> refusal = entry.detail();
            case STARTED ->
                starts.add(new Start(entry.atMicros(), entry.detail().isEmpty() ? 0 : Long.parseLong(entry.detail())));
            case FINISHED -> finished = true;
            case SENDING, CLOSED -> {}
        }
    }
}
