package io.dray.examples.digest;

import java.util.Base64;
import org.apache.datasketches.theta.UpdatableThetaSketch;

/**
 * A sketch of the set of all runs of five words of one text: the {@value #KEPT} or so least of their hashes, which is
 * MinHash by the "bottom k". Two sketches tell how much of both texts is the same. For one thread.
 */
final class Shingles {
    private static final int WORDS = 5;
    private static final int KEPT = 256;
    private static final long LETTER_FACTOR = 1_000_003;
    private static final long WORD_FACTOR = 0x9E3779B97F4A7C15L;

    private final UpdatableThetaSketch sketch =
            UpdatableThetaSketch.builder().setNominalEntries(KEPT).build();
    private final long[] last = new long[WORDS];
    private long taken;

    void take(String word) {
        long hash = 0;
        for (int i = 0; i < word.length(); i++) {
            hash = hash * LETTER_FACTOR + word.charAt(i);
        }
        last[(int) (taken++ % WORDS)] = hash;
        if (taken >= WORDS) {
            sketch.update(run());
        }
    }

    /** A number for the last words in their order; the sketch hashes it again. */
    private long run() {
        long run = 0;
        for (int i = 0; i < WORDS; i++) {
            run = run * WORD_FACTOR + last[(int) ((taken + i) % WORDS)];
        }
        return run;
    }

    /** The sketch in Base64, 3 KB at most. */
    String sketch() {
        return Base64.getEncoder().encodeToString(sketch.rebuild().compact().toByteArray());
    }
}
