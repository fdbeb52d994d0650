package io.dray.examples.digest;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Picks the key sentences of a text by TextRank (Mihalcea and Tarau, 2004): a sentence counts as much as those that
 * share words with it, by the power iteration of PageRank. Stateless.
 */
final class TextRank {
    private static final double DAMPING = 0.85;
    private static final double STILL = 1e-6;
    private static final int MOST_ROUNDS = 100;
    private static final int SHORTEST_WORD = 3;

    private TextRank() {}

    /** At most {@code limit} sentences, in the order of the text; of equal ones the first. */
    static List<String> best(List<String> sentences, int limit) {
        double[] ranks = ranks(sentences);
        return IntStream.range(0, ranks.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -ranks[i]).thenComparing(i -> i))
                .limit(limit)
                .sorted()
                .map(sentences::get)
                .toList();
    }

    /** What each sentence counts; all together about as many as there are. */
    static double[] ranks(List<String> sentences) {
        double[][] shares = shares(sentences);
        double[] ranks = new double[sentences.size()];
        Arrays.fill(ranks, 1);
        double moved = 1;
        for (int round = 0; round < MOST_ROUNDS && moved > STILL; round++) {
            double[] next = next(ranks, shares);
            moved = 0;
            for (int i = 0; i < ranks.length; i++) {
                moved = Math.max(moved, Math.abs(next[i] - ranks[i]));
            }
            ranks = next;
        }
        return ranks;
    }

    private static double[] next(double[] ranks, double[][] shares) {
        double[] next = new double[ranks.length];
        for (int to = 0; to < ranks.length; to++) {
            double sum = 0;
            for (int from = 0; from < ranks.length; from++) {
                sum += shares[from][to] * ranks[from];
            }
            next[to] = 1 - DAMPING + DAMPING * sum;
        }
        return next;
    }

    /** Which share of its rank each sentence gives to each other one. */
    private static double[][] shares(List<String> sentences) {
        List<Set<String>> words = sentences.stream().map(TextRank::words).toList();
        double[][] shares = new double[words.size()][words.size()];
        for (int from = 0; from < words.size(); from++) {
            for (int to = 0; to < words.size(); to++) {
                shares[from][to] = from == to ? 0 : likeness(words.get(from), words.get(to));
            }
            double sum = Arrays.stream(shares[from]).sum();
            for (int to = 0; sum > 0 && to < words.size(); to++) {
                shares[from][to] /= sum;
            }
        }
        return shares;
    }

    private static Set<String> words(String sentence) {
        return Sentences.words(sentence).stream()
                .filter(word -> word.length() >= SHORTEST_WORD && !StopWords.contains(word))
                .collect(Collectors.toSet());
    }

    private static double likeness(Set<String> one, Set<String> other) {
        long common = one.stream().filter(other::contains).count();
        return common == 0 ? 0 : common / (Math.log(one.size() + 1.0) + Math.log(other.size() + 1.0));
    }
}
