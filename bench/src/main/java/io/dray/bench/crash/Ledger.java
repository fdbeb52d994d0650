package io.dray.bench.crash;

import io.dray.bench.crash.Entry.Event;
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

    /** Reads all ledgers of a folder in the order of time; a last line that a kill cut off is left out. */
    static List<Entry> readAll(Path folder) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (var files = Files.newDirectoryStream(folder, "*.ledger")) {
            for (Path path : files) {
                entries.addAll(read(path));
            }
        }
        entries.sort((left, right) -> Long.compare(left.atMicros(), right.atMicros()));
        return entries;
    }

    static List<Entry> read(Path path) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (String line : Files.readAllLines(path)) {
            try {
                entries.add(JSON.readValue(line, Entry.class));
            } catch (JacksonException _) {
                // Its writer was killed in the middle of it; nothing after it can exist.
                break;
            }
        }
        return entries;
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
