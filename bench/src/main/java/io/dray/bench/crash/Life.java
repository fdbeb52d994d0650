package io.dray.bench.crash;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** All that the ledgers say of one key. Filled and read by one thread. */
final class Life {
    static final long NEVER = Long.MAX_VALUE;

    final String key;
    final List<Long> starts = new ArrayList<>();
    final Set<String> tasks = new TreeSet<>();
    boolean acknowledged;
    boolean finished;
    long settledMicros = NEVER;
    String refusal = "";

    private Life(String key) {
        this.key = key;
    }

    /** The lives of all keys with a prefix. */
    static Map<String, Life> of(List<Entry> entries, String prefix) {
        Map<String, Life> lives = new HashMap<>();
        for (Entry entry : entries) {
            if (entry.key().startsWith(prefix) && entry.event() != Entry.Event.CLOSED) {
                lives.computeIfAbsent(entry.key(), Life::new).add(entry);
            }
        }
        return lives;
    }

    /** The prefixes of senders that lived to the end. */
    static Set<String> survivors(List<Entry> entries) {
        Set<String> survivors = new HashSet<>();
        for (Entry entry : entries) {
            if (entry.event() == Entry.Event.CLOSED) {
                survivors.add(entry.key());
            }
        }
        return survivors;
    }

    boolean isOf(Set<String> senders) {
        return senders.contains(key.substring(0, key.indexOf('-') + 1));
    }

    boolean isSettled() {
        return settledMicros != NEVER;
    }

    /** Runs that began after it was recorded as done. */
    long startsAfter(long micros) {
        return starts.stream().filter(start -> start > micros).count();
    }

    private void add(Entry entry) {
        switch (entry.event()) {
            case ACKNOWLEDGED -> {
                acknowledged = true;
                tasks.add(entry.detail());
            }
            case SETTLED -> settledMicros = Math.min(settledMicros, entry.atMicros());
            case REFUSED -> refusal = entry.detail();
            case STARTED -> starts.add(entry.atMicros());
            case FINISHED -> finished = true;
            case SENDING, CLOSED -> {}
        }
    }
}
