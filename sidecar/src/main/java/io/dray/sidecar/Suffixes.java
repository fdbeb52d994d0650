package io.dray.sidecar;

import java.util.concurrent.ThreadLocalRandom;

/** Random instance suffixes: 8 letters and digits. */
final class Suffixes {
    private static final int LENGTH = 8;
    private static final int RADIX = 36;

    private Suffixes() {}

    static String random() {
        var suffix = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            suffix.append(Character.forDigit(ThreadLocalRandom.current().nextInt(RADIX), RADIX));
        }
        return suffix.toString();
    }
}
