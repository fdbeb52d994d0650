package io.dray.core.net;

/**
 * Whether the calling thread's stack has room for work that must not be cut off in its middle: a StackOverflowError may
 * strike at any call, and nobody can mend what it leaves half done. Java tells nobody how much room is left, so it is
 * tried. Stateless.
 */
final class StackRoom {
    /** Of at least 8 longs each, with return address and spills some 100 bytes compiled and more interpreted. */
    private static final int FRAMES = 120;

    private StackRoom() {}

    /**
     * Returns whether 12 KB or more are left: a third more than what kept a message whole that was sent at every level of
     * a recursion. Takes some 2 us after a sleep, on 2 cores of an Intel Xeon, 2026-11-22.
     */
    static boolean isLeft() {
        try {
            return descend(FRAMES, 1, 2, 3, 4, 5, 6, 7, 8) != 0;
        } catch (StackOverflowError _) {
            return false;
        }
    }

    /** All words are used after the call, so that each frame has to keep them. */
    private static long descend(int left, long a, long b, long c, long d, long e, long f, long g, long h) {
        if (left == 0) {
            return a | 1;
        }
        long below = descend(left - 1, b + left, c, d, e, f, g, h, a);
        return (below ^ a ^ b ^ c ^ d ^ e ^ f ^ g ^ h) | 1;
    }
}
