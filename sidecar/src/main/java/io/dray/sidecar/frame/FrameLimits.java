package io.dray.sidecar.frame;

/**
 * How much one frame gathers: it is closed at either, and a larger envelope goes alone.
 *
 * @param bytes of envelopes
 * @param envelopes at most 1,024, as many as the contract allows
 */
public record FrameLimits(int bytes, int envelopes) {
    /**
     * Each frame costs some wake-ups, from 64 KiB on more than its copies; receivers have arrays for 128 KiB with what
     * rides beside the envelopes.
     */
    public static final FrameLimits DEFAULT = new FrameLimits(120 * 1024, 1_024);
}
