package io.dray.bench.load;

/** A kind of load. */
public enum Load {
    /** 64 requests outstanding, each answered with its own 100 bytes. */
    REQUEST_REPLY("request-reply"),
    /** Messages of 100 bytes in one direction, as fast as they are taken. */
    ONE_WAY("one-way");

    private final String label;

    Load(String label) {
        this.label = label;
    }

    /**
     * Returns how tables and reports call it.
     *
     * @return a word
     */
    public String label() {
        return label;
    }
}
