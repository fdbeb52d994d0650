package io.dray.bench.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All that ledgers say, by key; entries may come in any order. Used by one thread. */
final class Lives {
    private final Map<String, Life> lives = new HashMap<>();
    private final Set<String> survivors = new HashSet<>();

    private Lives() {}

    /** Reads all ledgers of a folder. */
    static Lives read(Path folder) throws IOException {
        Lives lives = new Lives();
        Ledger.forEach(folder, "", lives::add);
        return lives;
    }

    static Lives of(List<Entry> entries) {
        Lives lives = new Lives();
        entries.forEach(lives::add);
        return lives;
    }

    /** The lives of all keys with a prefix. */
    Collection<Life> of(String prefix) {
        return lives.values().stream()
                .filter(life -> life.key.startsWith(prefix))
                .toList();
    }

    /** Whether the sender of a key lived to the end. */
    boolean isOfSurvivor(Life life) {
        return survivors.contains(life.key.substring(0, life.key.indexOf('-') + 1));
    }

    private void add(Entry entry) {
        if (entry.event() == Entry.Event.CLOSED) {
            survivors.add(entry.key());
            return;
        }
        lives.computeIfAbsent(entry.key(), Life::new).add(entry);
    }
}
