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
                        key -> EditDistance.of(last, last(key)) + (parent(key).equals(parent) ? 0 : 1))
                .thenComparingInt(key -> EditDistance.of(unknown, key))
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
                .min(Comparator.<String>comparingInt(word -> EditDistance.of(unknown, word))
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
        return EditDistance.of(unknown, known) <= Math.max(1, unknown.length() / LETTERS_PER_EDIT);
    }

    private static String last(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    private static String parent(String key) {
        return key.substring(0, Math.max(0, key.lastIndexOf('.')));
    }
}
