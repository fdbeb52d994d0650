package io.dray.sidecar.queue;

/** Rendezvous hashing of ordering keys: every sidecar picks the same node, and moves only the keys of one that left. */
public final class OrderingHash {
    private OrderingHash() {}

    /** Returns the hash of a key's bytes, never 0. */
    public static int of(byte[] bytes, int offset, int length) {
        int hash = 0x811C9DC5;
        for (int i = 0; i < length; i++) {
            hash = (hash ^ bytes[offset + i]) * 0x01000193;
        }
        return hash == 0 ? 1 : hash;
    }

    /** Returns the weight of a candidate for a key; the greatest wins. */
    public static int mix(int key, String candidate) {
        int hash = key ^ candidate.hashCode() * 0x9E3779B9;
        hash = (hash ^ hash >>> 16) * 0x85EBCA6B;
        hash = (hash ^ hash >>> 13) * 0xC2B2AE35;
        return hash ^ hash >>> 16;
    }
}
