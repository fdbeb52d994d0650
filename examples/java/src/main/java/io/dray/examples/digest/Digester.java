package io.dray.examples.digest;

import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.MeshException;
import io.dray.agent.Message;
import io.dray.agent.Task;
import io.dray.agent.TaskContext;
import io.dray.types.v1.Code;
import io.dray.types.v1.DeliveryClass;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * Does the tasks of the capability {@code digest}: asks the reader for a document, counts its terms, guesses its
 * language, picks its key sentences and sketches it, weighs the terms against the corpus, which the indexer knows, and
 * tells the indexer. An attempt may run twice; the index keeps one digest for a
 * file. Thread-safe: an attempt keeps all it knows on its own thread.
 */
final class Digester {
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int QUESTIONS = 20;
    private static final Duration TELL = Duration.ofSeconds(60);
    private static final int WEIGHED_TERMS = 2_000;
    private static final int TOLD_TERMS = 200;

    /** How often the reading of a large file is told. */
    private static final long TOLD_BYTES = 16 * 1024 * 1024;

    private final Duration linger;

    Digester(Duration linger) {
        this.linger = linger;
    }

    /** What was read of one file. */
    private record Document(String sha256, long bytes, Map<String, Integer> counts, TextFigures figures) {}

    AgentSpec spec(int slots) {
        return AgentSpec.named("digester").capability("digest").taskSlots(slots).onTask("digest", this::digest);
    }

    private byte[] digest(Task task, TaskContext context)
            throws NoSuchAlgorithmException, InterruptedException, ExecutionException {
        long began = nowMicros();
        Mesh mesh = context.mesh();
        String file = task.text();
        Document document = read(mesh, file, context);
        context.progress(50, "weighs " + document.counts().size() + " terms");
        Map<String, Double> scores = weigh(mesh, document.counts());
        long ended = nowMicros();
        Thread.sleep(linger);
        TextFigures figures = document.figures();
        Digest found = new Digest(figures.language(), figures.lines(), figures.sentences(), figures.sketch(), scores);
        Message digest = Message.to("indexer")
                .type("digest")
                .header("file", file)
                .header("task", task.id())
                .header("node", mesh.node())
                .header("sha256", document.sha256())
                .header("bytes", Long.toString(document.bytes()))
                .header("language", found.language())
                .header("lines", Long.toString(found.lines()))
                .header("began", Long.toString(began))
                .header("ended", Long.toString(ended))
                .payload(found.text())
                .deliveryClass(DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE)
                .deadline(TELL);
        mesh.send(digest).done().get();
        return document.sha256().getBytes(StandardCharsets.US_ASCII);
    }

    private static long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    private static Document read(Mesh mesh, String file, TaskContext context)
            throws NoSuchAlgorithmException, InterruptedException {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        TermCounter terms = new TermCounter();
        TextFigures figures = new TextFigures();
        long offset = 0;
        boolean isLast = false;
        while (!isLast) {
            Message part = ask(
                    mesh,
                    Message.to("reader").type("part").header("file", file).header("offset", Long.toString(offset)));
            byte[] bytes = part.payload().toByteArray();
            sha256.update(bytes);
            terms.add(bytes);
            figures.add(bytes);
            if (offset / TOLD_BYTES != (offset + bytes.length) / TOLD_BYTES) {
                context.progress(0, "has read %,d bytes".formatted(offset));
            }
            offset += bytes.length;
            isLast = part.header("last").isPresent();
        }
        figures.finish();
        return new Document(HexFormat.of().formatHex(sha256.digest()), offset, terms.finish(), figures);
    }

    /** TF-IDF of the most frequent terms; the best of them. */
    private static Map<String, Double> weigh(Mesh mesh, Map<String, Integer> counts) throws InterruptedException {
        Map<String, Double> frequencies = new HashMap<>();
        counts.forEach((term, count) -> frequencies.put(term, (double) count));
        List<String> terms = Index.best(frequencies, WEIGHED_TERMS).stream()
                .map(Index.Scored::name)
                .toList();
        Message known = ask(mesh, Message.to("indexer").type("frequencies").payload(String.join("\n", terms)));
        List<Integer> numbers = known.text().lines().map(Integer::valueOf).toList();
        Map<String, Double> scores = new HashMap<>();
        for (int i = 0; i < terms.size(); i++) {
            int count = counts.getOrDefault(terms.get(i), 0);
            scores.put(terms.get(i), Corpus.tfIdf(count, numbers.getFirst(), numbers.get(i + 1)));
        }
        Map<String, Double> best = new HashMap<>();
        Index.best(scores, TOLD_TERMS).forEach(scored -> best.put(scored.name(), scored.score()));
        return best;
    }

    /**
     * Asks again when an answer was lost with a sidecar: the questions change nothing, and another attempt would
     * read the whole document again.
     */
    private static Message ask(Mesh mesh, Message question) throws InterruptedException {
        for (int i = 0; i < QUESTIONS; i++) {
            try {
                return mesh.requestBlocking(question, ANSWER);
            } catch (MeshException e) {
                if (!e.retryable() && e.code() != Code.CODE_EXPIRED) {
                    throw e;
                }
                Thread.sleep(PAUSE);
            }
        }
        throw new IllegalStateException(question + ": no answer to " + QUESTIONS + " questions");
    }
}
