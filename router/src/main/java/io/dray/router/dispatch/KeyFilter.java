package io.dray.router.dispatch;

import io.dray.router.tasks.TaskKey;

/**
 * A Bloom filter of the keys of finished tasks: says for nearly every new key, without asking the store, that no
 * finished task has it. Fixed in size (4 MiB; 1 % false answers at 3 million keys, each costs one read of the store).
 * Filled by one thread at a time.
 */
final class KeyFilter {
    private static final int BITS = 1 << 25;
    private static final int PROBES = 6;

    private final long[] words = new long[BITS / Long.SIZE];

    void add(TaskKey key) {
        long hash = hash(key);
        for (int probe = 0; probe < PROBES; probe++) {
            int bit = bit(hash, probe);
            words[bit >>> 6] |= 1L << bit;
        }
    }

    boolean mayContain(TaskKey key) {
        long hash = hash(key);
        for (int probe = 0; probe < PROBES; probe++) {
            int bit = bit(hash, probe);
            if ((words[bit >>> 6] & (1L << bit)) == 0) {
                return false;
            }
        }
        return true;
    }

    private static int bit(long hash, int probe) {
        int low = (int) hash;
        int high = (int) (hash >>> 32) | 1;
        return (low + probe * high) & (BITS - 1);
    }

    private static long hash(TaskKey key) {
        return mix(hash(key.tenant(), 0x9e3779b97f4a7c15L) ^ hash(key.key(), 0xc2b2ae3d27d4eb4fL));
    }

    private static long hash(String text, long seed) {
        long hash = seed;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return mix(hash);
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
