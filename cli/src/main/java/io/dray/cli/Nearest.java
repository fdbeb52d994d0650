package io.dray.cli;

import io.dray.core.config.EditDistance;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody may have meant by a word that is not known. Stateless. */
final class Nearest {
    private static final int MOST_EDITS = 2;

    private Nearest() {}

    /** The known word that is reached by the fewest edits, at most {@value #MOST_EDITS}; equal ones by name. */
    static Optional<String> of(String word, Collection<String> known) {
        return known.stream()
                .filter(candidate -> EditDistance.of(word, candidate) <= MOST_EDITS)
                .min(Comparator.comparingInt((String candidate) -> EditDistance.of(word, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }
}
