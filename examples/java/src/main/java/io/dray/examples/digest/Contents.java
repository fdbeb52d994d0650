package io.dray.examples.digest;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What was digested of all runs, by the SHA-256 of the content; the first digest of a content stays. Thread-safe. */
final class Contents {
    private final Map<String, Content> bySha256 = new ConcurrentHashMap<>();

    /**
     * One digested content.
     *
     * @param entry of the file that was digested first
     * @param beganMicros when the task began, Unix microseconds
     * @param endedMicros when its digest was made
     */
    record Content(Index.Entry entry, Digest digest, long beganMicros, long endedMicros) {}

    void add(Content content) {
        bySha256.putIfAbsent(content.entry().sha256(), content);
    }

    Optional<Content> find(String sha256) {
        return Optional.ofNullable(bySha256.get(sha256));
    }
}
