package io.dray.bench.crash;

import io.dray.bench.crash.Entry.Event;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;

/**
 * An append-only file of one process, outside of Dray. A line is on disk before its future completes; lines that come
 * together share one fsync. Thread-safe; one thread of its own writes.
 */
final class Ledger implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Line(Entry entry, CompletableFuture<Void> written) {}

    private final FileChannel file;
    private final BlockingQueue<Line> lines = new LinkedBlockingQueue<>();
    private final Thread writer;

    private Ledger(FileChannel file) {
        this.file = file;
        this.writer = Thread.ofPlatform().daemon().name("ledger").start(this::write);
    }

    static Ledger open(Path path) throws IOException {
        return new Ledger(FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    }

    /**
     * Reads ledgers of a folder one after the other, so that a long run need not fit into memory; a last line that a
     * kill cut off is left out.
     *
     * @param names the beginning of their names; empty means all
     */
    static void forEach(Path folder, String names, Consumer<Entry> each) throws IOException {
        try (var files = Files.newDirectoryStream(folder, names + "*.ledger")) {
            for (Path path : files) {
                read(path, each);
            }
        }
    }

    private static void read(Path path, Consumer<Entry> each) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(path)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Entry entry;
                try {
                    entry = JSON.readValue(line, Entry.class);
                } catch (JacksonException _) {
                    // Its writer was killed in the middle of it; nothing after it can exist.
                    return;
                }
                each.accept(entry);
            }
        }
    }

    /** Appends one line; the future completes when it is on disk. */
    CompletableFuture<Void> append(Event event, String key, String detail) {
        long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        CompletableFuture<Void> written = new CompletableFuture<>();
        lines.add(new Line(new Entry(now, event, key, detail), written));
        return written;
    }

    @Override
    public void close() throws IOException {
        writer.interrupt();
        file.close();
    }

    private void write() {
        List<Line> group = new ArrayList<>();
        try {
            while (true) {
                group.add(lines.take());
                lines.drainTo(group);
                writeGroup(group);
                group.clear();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeGroup(List<Line> group) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Line line : group) {
            text.append(JSON.writeValueAsString(line.entry())).append('\n');
        }
        ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
        file.force(false);
        group.forEach(line -> line.written().complete(null));
    }
}
