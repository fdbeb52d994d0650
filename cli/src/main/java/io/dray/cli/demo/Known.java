package io.dray.cli.demo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * What the mesh had digested when it was asked for each file by its SHA-256. Immutable.
 *
 * @param files those whose content is known, with their SHA-256
 * @param cached how many of them the sidecar answered from its cache
 * @param askNanos what all questions took, those for unknown files too
 * @param digestNanos how long agents were at work on what is known: from the begin to the end of each task, what
 *     overlaps counted once
 */
record Known(Map<String, String> files, int cached, long askNanos, long digestNanos) {
    private static final int NANOS_PER_MICRO = 1_000;

    /** Whoever answers {@code digest-of}. */
    interface Mesh {
        DigestOf digestOf(String sha256);
    }

    /**
     * Asks for one file after the other.
     *
     * @param tasks that succeeded: what another task is said to have digested is not known for certain
     * @param progress told the number of files that were asked for
     */
    static Known ask(
            Mesh mesh, Map<String, PlainFile> files, Set<String> tasks, IntConsumer progress, LongSupplier nanoTime) {
        Map<String, String> known = new TreeMap<>();
        Map<String, DigestOf> digests = new TreeMap<>();
        int cached = 0;
        int asked = 0;
        long begin = nanoTime.getAsLong();
        for (var file : files.entrySet()) {
            String sha256 = file.getValue().sha256();
            DigestOf answer = mesh.digestOf(sha256);
            if (answer.isKnown() && tasks.contains(answer.task())) {
                known.put(file.getKey(), sha256);
                digests.put(sha256, answer);
                cached += answer.isCached() ? 1 : 0;
            }
            progress.accept(++asked);
        }
        long askNanos = nanoTime.getAsLong() - begin;
        return new Known(known, cached, askNanos, digestMicros(List.copyOf(digests.values())) * NANOS_PER_MICRO);
    }

    /** How many were answered by an agent. */
    int fromAgents() {
        return files.size() - cached;
    }

    /** How much sooner the answers were there than digests would be; negative when they were later. */
    long savedNanos() {
        return digestNanos - askNanos;
    }

    /** The time that is covered by spans which may overlap. */
    private static long digestMicros(List<DigestOf> digests) {
        List<DigestOf> byBegin = new ArrayList<>(digests);
        byBegin.sort(Comparator.comparingLong(DigestOf::beganMicros));
        long covered = 0;
        long until = Long.MIN_VALUE;
        for (DigestOf digest : byBegin) {
            long from = Math.max(until, digest.beganMicros());
            covered += Math.max(0, digest.endedMicros() - from);
            until = Math.max(until, digest.endedMicros());
        }
        return covered;
    }
}
