package io.dray.bench.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.bench.crash.Entry.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
    @Test
    void aLineIsInTheFileWhenItsFutureIsDone(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("a.ledger");
        try (Ledger ledger = Ledger.open(file)) {
            ledger.append(Event.SENDING, "m1-1", "").get(10, TimeUnit.SECONDS);

            assertThat(read(folder, "")).singleElement().satisfies(entry -> {
                assertThat(entry.event()).isEqualTo(Event.SENDING);
                assertThat(entry.key()).isEqualTo("m1-1");
            });
        }
    }

    @Test
    void aLineThatAKillCutOffIsLeftOut(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("a.ledger");
        try (Ledger ledger = Ledger.open(file)) {
            ledger.append(Event.STARTED, "m1-1", "").get(10, TimeUnit.SECONDS);
        }
        Files.writeString(file, "{\"atMicros\":12,\"eve", StandardOpenOption.APPEND);

        assertThat(read(folder, "")).extracting(Entry::key).containsExactly("m1-1");
    }

    @Test
    void ledgersOfSeveralProcessesAreReadTogetherOrByTheirNames(@TempDir Path folder) throws Exception {
        try (Ledger one = Ledger.open(folder.resolve("sender-1.ledger"));
                Ledger two = Ledger.open(folder.resolve("worker-2.ledger"))) {
            one.append(Event.SENDING, "first", "").get(10, TimeUnit.SECONDS);
            two.append(Event.STARTED, "second", "").get(10, TimeUnit.SECONDS);
            one.append(Event.SETTLED, "third", "").get(10, TimeUnit.SECONDS);
        }

        assertThat(read(folder, "")).extracting(Entry::key).containsExactlyInAnyOrder("first", "second", "third");
        assertThat(read(folder, "sender")).extracting(Entry::key).containsExactly("first", "third");
    }

    private static List<Entry> read(Path folder, String names) throws IOException {
        List<Entry> entries = new ArrayList<>();
        Ledger.forEach(folder, names, entries::add);
        return entries;
    }
}
