package io.dray.examples.digest;

import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import org.apache.datasketches.theta.UpdatableThetaSketch;

/**
 * A sketch of the set of all runs of five words of one text: the {@value #KEPT} or so least of their hashes, which is
 * MinHash by the "bottom k". Two sketches tell how much of both texts is the same. For one thread.
 */
final class Shingles {
    private static final int WORDS = 5;
    private static final int KEPT = 256;

    private final UpdatableThetaSketch sketch =
            UpdatableThetaSketch.builder().setNominalEntries(KEPT).build();
    private final Deque<String> last = new ArrayDeque<>(WORDS);

    void take(String word) {
        if (last.size() == WORDS) {
            last.removeFirst();
        }
        last.addLast(word);
        if (last.size() == WORDS) {
            sketch.update(String.join(" ", last));
        }
    }

    /** The sketch in Base64, 3 KB at most. */
    String sketch() {
        return Base64.getEncoder().encodeToString(sketch.rebuild().compact().toByteArray());
    }
}
