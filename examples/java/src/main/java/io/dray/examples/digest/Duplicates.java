package io.dray.examples.digest;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.datasketches.theta.CompactThetaSketch;
import org.apache.datasketches.theta.HashIterator;
import org.apache.datasketches.theta.JaccardSimilarity;

/**
 * Groups of texts of which at least {@value #LEAST_LIKENESS} is the same, found by the sketches of {@link Shingles}:
 * only texts that share two of their least hashes are compared. A text is in a group when it is like one of its texts, not
 * all. For one thread.
 */
final class Duplicates {
    static final double LEAST_LIKENESS = 0.8;

    private static final int LEAST_HASHES = 8;
    private static final int SHARED_HASHES = 2;

    /** A hash of more files stands for a licence or the like; it does not make all pairs of them worth a comparison. */
    private static final int NEIGHBOURS = 100;

    /** A text with fewer runs of words says too little, unless all its bytes are the same. */
    private static final int FEWEST_RUNS = 6;

    private final List<Text> texts;
    private final int[] parents;
    private final double[] likeness;

    /** One text: its SHA-256 and its sketch. */
    record Text(String file, String sha256, String sketch) {}

    /** The group of a file, named by a file of it, and how like it is to the one that is most like it. */
    record Place(String group, double likeness) {}

    private Duplicates(List<Text> texts) {
        this.texts = texts;
        this.parents = new int[texts.size()];
        this.likeness = new double[texts.size()];
        for (int i = 0; i < parents.length; i++) {
            parents[i] = i;
        }
    }

    /** The texts that have others like them, by file. */
    static SortedMap<String, Place> of(List<Text> texts) {
        Duplicates duplicates = new Duplicates(texts);
        duplicates.joinEqual();
        duplicates.joinLike();
        SortedMap<String, Place> places = new TreeMap<>();
        for (int i = 0; i < texts.size(); i++) {
            if (duplicates.likeness[i] > 0) {
                String group = texts.get(duplicates.root(i)).file();
                places.put(texts.get(i).file(), new Place(group, duplicates.likeness[i]));
            }
        }
        return places;
    }

    private void joinEqual() {
        Map<String, Integer> firstByHash = new HashMap<>();
        for (int i = 0; i < texts.size(); i++) {
            Integer first = firstByHash.putIfAbsent(texts.get(i).sha256(), i);
            if (first != null) {
                join(first, i, 1);
            }
        }
    }

    private void joinLike() {
        List<CompactThetaSketch> sketches = texts.stream()
                .map(text -> CompactThetaSketch.wrap(Base64.getDecoder().decode(text.sketch())))
                .toList();
        candidates(sketches).forEach((pair, shared) -> {
            int one = (int) (pair >>> Integer.SIZE);
            int other = pair.intValue();
            if (shared < SHARED_HASHES
                    || texts.get(one).sha256().equals(texts.get(other).sha256())) {
                return;
            }
            double same = JaccardSimilarity.jaccard(sketches.get(one), sketches.get(other))[1];
            if (same >= LEAST_LIKENESS) {
                join(one, other, same);
            }
        });
    }

    /** Pairs of texts, and how many of their least hashes they share. */
    private static Map<Long, Integer> candidates(List<CompactThetaSketch> sketches) {
        Map<Long, List<Integer>> textsByHash = new HashMap<>();
        Map<Long, Integer> sharedByPair = new TreeMap<>();
        for (int i = 0; i < sketches.size(); i++) {
            if (sketches.get(i).getRetainedEntries() < FEWEST_RUNS) {
                continue;
            }
            HashIterator hashes = sketches.get(i).iterator();
            for (int taken = 0; taken < LEAST_HASHES && hashes.next(); taken++) {
                List<Integer> others = textsByHash.computeIfAbsent(hashes.get(), _ -> new ArrayList<>());
                for (int other : others.subList(Math.max(0, others.size() - NEIGHBOURS), others.size())) {
                    sharedByPair.merge((long) other << Integer.SIZE | i, 1, Integer::sum);
                }
                others.add(i);
            }
        }
        return sharedByPair;
    }

    private void join(int one, int other, double same) {
        likeness[one] = Math.max(likeness[one], same);
        likeness[other] = Math.max(likeness[other], same);
        int first = Math.min(root(one), root(other));
        int second = Math.max(root(one), root(other));
        parents[second] = first;
    }

    private int root(int text) {
        int root = text;
        while (parents[root] != root) {
            parents[root] = parents[parents[root]];
            root = parents[root];
        }
        return root;
    }
}
