package io.dray.sidecar.frame;

/**
 * How much one frame gathers: it is closed at either, and a larger envelope goes alone.
 *
 * @param bytes of envelopes
 * @param envelopes at most 1,024, as many as the contract allows
 */
public record FrameLimits(int bytes, int envelopes) {
    /** A frame that fills a window has to wait for it in parts; one that is much smaller costs calls. */
    public static final FrameLimits DEFAULT = new FrameLimits(64 * 1024, 1_024);
}
