package io.dray.bench.load;

import java.util.Arrays;

/** Which numbers have come: a bit for each, so that a flood in any order costs an addition. Used under one lock. */
final class Arrivals {
    private static final int FIRST_WORDS = 1_024;

    private long[] words = new long[FIRST_WORDS];
    private int used;

    /** Notes a number from 0 on; whether it comes for the first time. */
    boolean add(int number) {
        int word = number >>> 6;
        if (word >= used) {
            grow(word + 1);
        }
        long bit = 1L << number;
        boolean isNew = (words[word] & bit) == 0;
        words[word] |= bit;
        return isNew;
    }

    void clear() {
        Arrays.fill(words, 0, used, 0);
        used = 0;
    }

    private void grow(int needed) {
        if (needed > words.length) {
            words = Arrays.copyOf(words, Math.max(needed, 2 * words.length));
        }
        used = needed;
    }
}
