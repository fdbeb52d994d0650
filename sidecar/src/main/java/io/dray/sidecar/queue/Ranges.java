package io.dray.sidecar.queue;

/** Finds the envelopes of a run by their lengths; tags of one byte, and lengths that were checked when the frame came. */
final class Ranges {
    private Ranges() {}

    /** Returns where the content of the envelope starts whose tag is there. */
    static int contentStart(byte[] bytes, int tag) {
        int at = tag + 1;
        while (bytes[at] < 0) {
            at++;
        }
        return at + 1;
    }

    /** Returns the length of the envelope whose tag is there. */
    static int contentBytes(byte[] bytes, int tag) {
        int length = 0;
        int shift = 0;
        int at = tag;
        do {
            length |= (bytes[++at] & 0x7f) << shift;
            shift += 7;
        } while (bytes[at] < 0);
        return length;
    }
}
