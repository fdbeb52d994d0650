package io.dray.examples.digest;

import io.dray.agent.AgentSpec;
import io.dray.agent.Message;
import io.dray.agent.MessageContext;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Collects what reader and digesters tell and answers questions by the type of a request: {@code find}, {@code top},
 * {@code frequencies}, {@code ledger}, {@code digests}, {@code duplicates}, {@code digest-of}, {@code view},
 * {@code status}. Thread-safe: the corpus, the index and the contents guard themselves.
 */
final class Indexer {
    private static final int FOUND = 10;
    private static final int LEDGER_PAGE = 1_000;
    private static final int DIGESTS_PAGE = 200;
    private static final int SHOWN_TERMS = 40;

    /** The digest of a content never changes; but a cache need not keep for ever what nobody asks for. */
    private static final Duration KNOWN_FOR = Duration.ofHours(1);

    private final Corpus corpus = new Corpus();
    private final Index index = new Index();
    private final Contents contents = new Contents();

    AgentSpec spec() {
        return AgentSpec.named("indexer")
                .capability("find")
                .onMessage("document", this::addDocument)
                .onMessage("digest", this::addDigest)
                .onRequest("frequencies", this::frequencies)
                .onRequest("find", this::find)
                .onRequest("top", this::top)
                .onRequest("ledger", this::ledger)
                .onRequest("digests", this::digests)
                .onRequest("duplicates", this::duplicates)
                .onMessage("digest-of", this::digestOf)
                .onRequest("view", this::view)
                .onRequest(
                        "status",
                        _ -> "documents\t%d\ndigests\t%d\nrepeated\t%d\n"
                                .formatted(corpus.documents(), index.size(), index.repeated()));
    }

    private void addDocument(Message message, MessageContext context) {
        // A file that is read again by a later run may have changed: it counts as another document.
        corpus.add(
                header(message, "run") + "/" + header(message, "file"),
                message.text().lines().toList());
    }

    private void addDigest(Message message, MessageContext context) {
        var entry = new Index.Entry(
                header(message, "file"),
                header(message, "task"),
                header(message, "node"),
                header(message, "sha256"),
                Long.parseLong(header(message, "bytes")));
        long lines = Long.parseLong(header(message, "lines"));
        var digest = Digest.parse(header(message, "language"), lines, message.text());
        if (index.add(entry, digest)) {
            long began = Long.parseLong(header(message, "began"));
            contents.add(new Contents.Content(entry, digest, began, Long.parseLong(header(message, "ended"))));
        }
    }

    /**
     * Asked with a SHA-256; answers what was found when that content was digested, which may be given again from a
     * cache; without headers when it was not, which may be otherwise soon.
     */
    private void digestOf(Message message, MessageContext context) {
        Message answer = contents.find(message.text().strip())
                .map(Indexer::answer)
                .orElse(Message.content().type("digest-of").payload(""));
        context.reply(answer);
    }

    private static Message answer(Contents.Content content) {
        Digest digest = content.digest();
        return Message.content()
                .type("digest-of")
                .header("task", content.entry().taskId())
                .header("node", content.entry().node())
                .header("bytes", Long.toString(content.entry().bytes()))
                .header("lines", Long.toString(digest.lines()))
                .header("language", digest.language())
                .header("began", Long.toString(content.beganMicros()))
                .header("ended", Long.toString(content.endedMicros()))
                .payload(lines(digest))
                .cacheFor(KNOWN_FOR);
    }

    /**
     * Asked with names (URL-encoded) and SHA-256s, one file on a line; from now on these files are what questions are
     * about, as far as their contents were digested. With the header {@code more} they come beside those that are there.
     */
    private String view(Message message) {
        if (message.header("more").isEmpty()) {
            index.clear();
        }
        message.text()
                .lines()
                .map(line -> line.split("\t", 2))
                .forEach(cells -> contents.find(cells[1])
                        .ifPresent(content -> index.put(
                                content.entry().of(URLDecoder.decode(cells[0], StandardCharsets.UTF_8)),
                                content.digest())));
        return Integer.toString(index.size());
    }

    /** Asked with terms, one on a line; answers the number of documents, then for each term how many have it. */
    private String frequencies(Message message) {
        return corpus.documents()
                + message.text()
                        .lines()
                        .map(term -> "\n" + corpus.documentsWith(term))
                        .collect(Collectors.joining());
    }

    /** Asked with words; answers files and scores, best first. */
    private String find(Message message) {
        TermCounter words = new TermCounter();
        words.add(message.payload().toByteArray());
        List<String> terms = List.copyOf(words.finish().keySet());
        return Lines.ofScored(index.find(terms, FOUND));
    }

    /** Asked with a number; answers so many terms and their scores. */
    private String top(Message message) {
        return Lines.ofScored(index.topTerms(Integer.parseInt(message.text().strip())));
    }

    /**
     * Asked with the last file that is known; answers the next entries: name (URL-encoded), task, node, SHA-256, bytes,
     * lines, language.
     */
    private String ledger(Message message) {
        return index.after(message.text(), LEDGER_PAGE).stream()
                .map(entry -> {
                    Digest digest = index.digest(entry.file());
                    return "%s\t%s\t%s\t%s\t%d\t%d\t%s\n"
                            .formatted(
                                    encode(entry.file()),
                                    entry.taskId(),
                                    entry.node(),
                                    entry.sha256(),
                                    entry.bytes(),
                                    digest.lines(),
                                    digest.language());
                })
                .collect(Collectors.joining());
    }

    /**
     * Asked with the last file that is known; answers the next digests: lines of {@code file} (URL-encoded), after it
     * its {@code sentence}s and, best first, its {@code term}s.
     */
    private String digests(Message message) {
        StringBuilder lines = new StringBuilder();
        for (Index.Entry entry : index.after(message.text(), DIGESTS_PAGE)) {
            lines.append("file\t").append(encode(entry.file())).append('\n').append(lines(index.digest(entry.file())));
        }
        return lines.toString();
    }

    /** Lines of {@code sentence} and, best first, of {@code term}. */
    private static String lines(Digest digest) {
        StringBuilder lines = new StringBuilder();
        digest.sentences()
                .forEach(sentence -> lines.append("sentence\t").append(sentence).append('\n'));
        Lines.ofScored(Index.best(digest.scores(), SHOWN_TERMS))
                .lines()
                .forEach(line -> lines.append("term\t").append(line).append('\n'));
        return lines.toString();
    }

    /**
     * Asked with the last file that is known; answers the next files that have others like them: name, a name that all
     * of its group have (both URL-encoded), and its likeness to the one that is most like it, at most 1.
     */
    private String duplicates(Message message) {
        return index.duplicates().entrySet().stream()
                .filter(place -> place.getKey().compareTo(message.text()) > 0)
                .limit(LEDGER_PAGE)
                .map(place -> "%s\t%s\n"
                        .formatted(
                                encode(place.getKey()),
                                Lines.line(
                                        encode(place.getValue().group()),
                                        place.getValue().likeness())))
                .collect(Collectors.joining());
    }

    private static String encode(String file) {
        return URLEncoder.encode(file, StandardCharsets.UTF_8);
    }

    private static String header(Message message, String name) {
        return message.header(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "header " + name + ": missing (expected in " + message.type() + ")"));
    }
}
