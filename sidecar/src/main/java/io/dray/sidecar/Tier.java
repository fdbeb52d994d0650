package io.dray.sidecar;

/** The size of a host, by its cores. */
public enum Tier {
    /** Up to seven cores. */
    TWO("2 cores", 16),
    /** Eight cores to fifteen. */
    EIGHT("8 cores", 64),
    /** Sixteen cores or more. */
    SIXTEEN("16+ cores", 128);

    private static final int EIGHT_CORES = 8;
    private static final int SIXTEEN_CORES = 16;

    private final String word;
    private final int ringsMib;

    Tier(String word, int ringsMib) {
        this.word = word;
        this.ringsMib = ringsMib;
    }

    /** Returns the tier of a host. */
    public static Tier of(int cores) {
        if (cores >= SIXTEEN_CORES) {
            return SIXTEEN;
        }
        return cores >= EIGHT_CORES ? EIGHT : TWO;
    }

    /** Returns the tier of the host that this process runs on. */
    public static Tier ofThisHost() {
        return of(Runtime.getRuntime().availableProcessors());
    }

    /** Returns its name for people. */
    public String word() {
        return word;
    }

    /** MiB of shared memory for agents: 8 for each core of the smallest host of the tier. */
    int ringsMib() {
        return ringsMib;
    }
}
