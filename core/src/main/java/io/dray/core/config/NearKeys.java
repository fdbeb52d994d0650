package io.dray.core.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What to write instead of an unknown key or variable: what comes near, else what there is. Stateless. */
final class NearKeys {
    /** Of so many letters one may be wrong. */
    private static final int LETTERS_PER_EDIT = 3;

    private NearKeys() {}

    /** Looks at leaves and sections of the same level first, then at those of other levels. */
    static String insteadOfKey(String unknown, ConfigKeys keys) {
        String last = last(unknown);
        String parent = parent(unknown);
        Comparator<String> nearest = Comparator.<String>comparingInt(
                        key -> edits(last, last(key)) + (parent(key).equals(parent) ? 0 : 1))
                .thenComparingInt(key -> edits(unknown, key))
                .thenComparing(Comparator.naturalOrder());
        return Stream.concat(keys.leaves().keySet().stream(), keys.sections().stream())
                .filter(key -> isNear(last, last(key)))
                .min(nearest)
                .map(NearKeys::meant)
                .orElseGet(() -> "(expected: one of " + level(keys.isSection(parent) ? parent : "", keys) + ")");
    }

    /** The same for a variable; {@code known} are the names without their prefix. */
    static String insteadOfVariable(String unknown, Collection<String> known, String prefix) {
        return word(unknown, known)
                .map(name -> meant(prefix + name))
                .orElseGet(() -> "(expected: "
                        + new TreeSet<>(known).stream().map(prefix::concat).collect(Collectors.joining(", ")) + ")");
    }

    /** The word that comes nearest, if one is near. */
    static Optional<String> word(String unknown, Collection<String> known) {
        return known.stream()
                .filter(word -> isNear(unknown, word))
                .min(Comparator.<String>comparingInt(word -> edits(unknown, word))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private static String meant(String known) {
        return "(did you mean " + known + "?)";
    }

    private static String level(String parent, ConfigKeys keys) {
        return Stream.concat(keys.leaves().keySet().stream(), keys.sections().stream())
                .filter(key -> parent(key).equals(parent))
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static boolean isNear(String unknown, String known) {
        return edits(unknown, known) <= Math.max(1, unknown.length() / LETTERS_PER_EDIT);
    }

    private static String last(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    private static String parent(String key) {
        return key.substring(0, Math.max(0, key.lastIndexOf('.')));
    }

    /** Edits (insert, remove, replace, swap neighbours) from one word to the other. */
    private static int edits(String from, String to) {
        int[][] table = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                table[i][j] = i == 0 || j == 0 ? i + j : fewest(table, i, j, from, to);
            }
        }
        return table[from.length()][to.length()];
    }

    private static int fewest(int[][] table, int i, int j, String from, String to) {
        int replaced = table[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        int fewest = Math.min(replaced, 1 + Math.min(table[i - 1][j], table[i][j - 1]));
        boolean isSwapped =
                i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
        return isSwapped ? Math.min(fewest, 1 + table[i - 2][j - 2]) : fewest;
    }
}
