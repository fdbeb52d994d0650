package io.dray.examples.digest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the digesters found, by file; the first digest of a file or by a task stays. Thread-safe by its lock. */
final class Index {
    private final Set<String> tasks = new HashSet<>();
    private final TreeMap<String, Entry> entries = new TreeMap<>();
    private final Map<String, Digest> digests = new HashMap<>();
    private final Map<String, Map<String, Double>> scoresByTerm = new HashMap<>();
    private long repeated;

    /** One digested file: the task that did it, on which node, and the SHA-256 of what it read. */
    record Entry(String file, String taskId, String node, String sha256, long bytes) {
        /** The same content as another file. */
        Entry of(String other) {
            return new Entry(other, taskId, node, sha256, bytes);
        }
    }

    /** A name and how much it counts. */
    record Scored(String name, double score) {}

    /** Returns false when the file or its task was there already: AT_LEAST_ONCE may bring a digest twice. */
    synchronized boolean add(Entry entry, Digest digest) {
        if (!tasks.add(entry.taskId()) || entries.containsKey(entry.file())) {
            repeated++;
            return false;
        }
        put(entry, digest);
        return true;
    }

    /** Forgets all files; their tasks are remembered, so that a late digest of one comes not back. */
    synchronized void clear() {
        entries.clear();
        digests.clear();
        scoresByTerm.clear();
    }

    /** Puts a file whose content was digested earlier, maybe as another file. */
    synchronized void put(Entry entry, Digest digest) {
        entries.put(entry.file(), entry);
        digests.put(entry.file(), digest);
        digest.scores()
                .forEach((term, score) ->
                        scoresByTerm.computeIfAbsent(term, _ -> new HashMap<>()).put(entry.file(), score));
    }

    synchronized int size() {
        return entries.size();
    }

    /** How many digests came for files that were there already. */
    synchronized long repeated() {
        return repeated;
    }

    /** At most {@code limit} entries after a file, by name. */
    synchronized List<Entry> after(String file, int limit) {
        return entries.tailMap(file, false).values().stream().limit(limit).toList();
    }

    /** What was told of a file that is there. */
    synchronized Digest digest(String file) {
        return Objects.requireNonNull(digests.get(file), file);
    }

    /** The files that have others like them, by name; files without content are like nothing. */
    synchronized SortedMap<String, Duplicates.Place> duplicates() {
        return Duplicates.of(entries.values().stream()
                .filter(entry -> entry.bytes() > 0)
                .map(entry -> new Duplicates.Text(
                        entry.file(), entry.sha256(), digest(entry.file()).sketch()))
                .toList());
    }

    /** The files in which the words tell most, best first. */
    synchronized List<Scored> find(List<String> words, int limit) {
        Map<String, Double> scores = new HashMap<>();
        for (String word : words) {
            scoresByTerm.getOrDefault(word, Map.of()).forEach((file, score) -> scores.merge(file, score, Double::sum));
        }
        return best(scores, limit);
    }

    /** The terms that tell most over all files, best first. */
    synchronized List<Scored> topTerms(int limit) {
        Map<String, Double> scores = new HashMap<>();
        scoresByTerm.forEach((term, files) -> scores.put(
                term, files.values().stream().mapToDouble(Double::doubleValue).sum()));
        return best(scores, limit);
    }

    /** The greatest scores; equal ones by name, so that the order is always the same. */
    static List<Scored> best(Map<String, Double> scores, int limit) {
        List<Scored> all = new ArrayList<>();
        scores.forEach((name, score) -> all.add(new Scored(name, score)));
        all.sort(Comparator.comparingDouble(Scored::score).reversed().thenComparing(Scored::name));
        return List.copyOf(all.subList(0, Math.min(limit, all.size())));
    }
}
