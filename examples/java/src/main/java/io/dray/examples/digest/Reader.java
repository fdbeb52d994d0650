package io.dray.examples.digest;

import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.Message;
import io.dray.agent.MessageContext;
import io.dray.agent.SendHandle;
import io.dray.agent.TaskRequest;
import io.dray.types.v1.Code;
import io.dray.types.v1.DeliveryClass;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Turns the files of a folder into documents: tells the indexer the terms of each, then submits one task for each, and
 * hands out the text in parts to whoever asks. Asked by the request {@code read} with a folder, which leaves out what the
 * indexer has when the header {@code only} is {@code missing}; {@code status} tells how far it is. Thread-safe: its state is one immutable record, which only the thread that reads a folder replaces.
 */
final class Reader {
    private static final int PART_BYTES = 256 * 1024;
    private static final int BATCH = 100;
    private static final int ATTEMPTS = 10;
    private static final Duration TELL = Duration.ofSeconds(60);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration BACKOFF = Duration.ofMillis(200);
    private static final int TASK_CPU_MILLIS = 10;
    private static final long TASK_BYTES = 1024 * 1024;

    private volatile Progress progress = new Progress(Path.of(""), "idle", 0, 0, 0, "");

    /** What was done so far; {@code phase} is idle, reading, submitting, done or failed. */
    private record Progress(Path folder, String phase, int files, int documents, int submitted, String problem) {
        boolean isBusy() {
            return phase.equals("reading") || phase.equals("submitting");
        }

        String text() {
            return "phase\t%s\nfiles\t%d\ndocuments\t%d\nsubmitted\t%d\nproblem\t%s\n"
                    .formatted(phase, files, documents, submitted, problem.replaceAll("\\s+", " "));
        }
    }

    AgentSpec spec() {
        return AgentSpec.named("reader")
                .onMessage("read", this::start)
                .onMessage("part", this::part)
                .onRequest("status", _ -> progress.text());
    }

    private void start(Message message, MessageContext context) throws IOException {
        Path folder = Path.of(message.text()).toRealPath();
        claim(folder);
        Mesh mesh = context.mesh();
        boolean isOnlyMissing = message.header("only").filter("missing"::equals).isPresent();
        Thread.ofVirtual().name("read-folder").start(() -> read(mesh, folder, isOnlyMissing));
        context.reply(folder.toString());
    }

    private synchronized void claim(Path folder) {
        if (progress.isBusy()) {
            throw new IllegalStateException("reading " + progress.folder() + " (expected: one folder at a time)");
        }
        progress = new Progress(folder, "reading", 0, 0, 0, "");
    }

    private void read(Mesh mesh, Path folder, boolean isOnlyMissing) {
        try {
            List<String> files = new ArrayList<>(TextFiles.below(folder));
            if (isOnlyMissing) {
                files.removeAll(indexed(mesh));
            }
            String run = mesh.instance() + System.nanoTime();
            List<String> documents = describe(mesh, folder, run, files);
            for (int from = 0; from < documents.size(); from += BATCH) {
                int to = Math.min(from + BATCH, documents.size());
                mesh.submitAll(IntStream.range(from, to)
                        .mapToObj(i -> task(run + "/" + i, documents.get(i)))
                        .toList());
                update("submitting", documents.size(), to);
            }
            update("done", documents.size(), documents.size());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            Progress now = progress;
            progress =
                    new Progress(now.folder(), "failed", now.files(), now.documents(), now.submitted(), e.toString());
        }
    }

    /** The files that the indexer has a digest of. */
    private static Set<String> indexed(Mesh mesh) throws InterruptedException {
        Set<String> files = new HashSet<>();
        String page = ledger(mesh, "");
        while (!page.isEmpty()) {
            String last = "";
            for (String line : page.lines().toList()) {
                last = URLDecoder.decode(line.substring(0, line.indexOf('\t')), StandardCharsets.UTF_8);
                files.add(last);
            }
            page = ledger(mesh, last);
        }
        return files;
    }

    private static String ledger(Mesh mesh, String after) throws InterruptedException {
        return mesh.requestBlocking(Message.to("indexer").type("ledger").payload(after), ANSWER)
                .text();
    }

    /** Tells the indexer the terms of each file; returns the files that could be read. */
    private List<String> describe(Mesh mesh, Path folder, String run, List<String> files) {
        progress = new Progress(folder, "reading", files.size(), 0, 0, "");
        List<String> documents = new ArrayList<>();
        List<SendHandle> told = new ArrayList<>();
        for (String file : files) {
            try {
                told.add(mesh.send(document(folder, run, file)));
                documents.add(file);
            } catch (IOException _) {
                continue; // it went away or cannot be read any more: whoever keeps a ledger misses it there
            }
            if (told.size() == BATCH) {
                told.forEach(handle -> handle.done().join());
                told.clear();
                progress = new Progress(folder, "reading", files.size(), documents.size(), 0, "");
            }
        }
        told.forEach(handle -> handle.done().join());
        return documents;
    }

    private static Message document(Path folder, String run, String file) throws IOException {
        TermCounter terms = new TermCounter();
        try (InputStream in = Files.newInputStream(folder.resolve(file))) {
            byte[] piece = in.readNBytes(PART_BYTES);
            while (piece.length > 0) {
                terms.add(piece);
                piece = in.readNBytes(PART_BYTES);
            }
        }
        return Message.to("indexer")
                .type("document")
                .header("run", run)
                .header("file", file)
                .payload(String.join("\n", terms.finish().keySet()))
                .deliveryClass(DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE)
                .deadline(TELL);
    }

    private static TaskRequest task(String key, String file) {
        return TaskRequest.forCapability("digest")
                .type("digest")
                .payload(file)
                .idempotencyKey(key)
                .resources(TASK_CPU_MILLIS, TASK_BYTES)
                .retry(ATTEMPTS, BACKOFF);
    }

    /** A file that is gone now will not be there for a retry either: the task is to end, not to be tried again. */
    void part(Message message, MessageContext context) throws IOException {
        String name = message.header("file").orElse("");
        Path folder = progress.folder();
        Path file = folder.resolve(name).normalize();
        if (!file.startsWith(folder) || !Files.isRegularFile(file)) {
            context.fail(Code.CODE_INVALID_REQUEST, "no such file: " + name + " (expected: a file below the folder)");
            return;
        }
        context.reply(part(file, Long.parseLong(message.header("offset").orElse("0"))));
    }

    private static Message part(Path file, long offset) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            bytes.seek(offset);
            byte[] part = new byte[Math.clamp(bytes.length() - offset, 0, PART_BYTES)];
            bytes.readFully(part);
            Message answer = Message.content().type("part").payload(part);
            return offset + part.length >= bytes.length() ? answer.header("last", "true") : answer;
        }
    }

    private void update(String phase, int documents, int submitted) {
        Progress now = progress;
        progress = new Progress(now.folder(), phase, now.files(), documents, submitted, "");
    }
}
