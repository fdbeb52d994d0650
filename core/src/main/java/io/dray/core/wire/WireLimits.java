package io.dray.core.wire;

/** What a door takes at most: bytes of frames, envelopes and headers, envelopes per frame, free headers. */
public record WireLimits(
        int maxFrameBytes, int maxEnvelopeBytes, int maxHeaderBytes, int maxEnvelopesPerFrame, int maxHeaders) {
    /** The limits of the contract. */
    public static final WireLimits DEFAULT =
            new WireLimits(1024 * 1024, 4 * 1024 * 1024 - 64 * 1024, 32 * 1024, 1024, 64);

    /** The largest payload of a message; over 64 KiB it goes as chunks. */
    public static final int MAX_PAYLOAD_BYTES = 256 * 1024 * 1024;

    /**
     * What is begun must move at least as fast, whether it comes or is read: slower, and it holds memory that others wait
     * for. The largest payload takes nine hours then.
     */
    public static final int LEAST_BYTES_PER_SECOND = 8 * 1024;

    /** Refuses limits that are not positive. */
    public WireLimits {
        requirePositive("maxFrameBytes", maxFrameBytes);
        requirePositive("maxEnvelopeBytes", maxEnvelopeBytes);
        requirePositive("maxHeaderBytes", maxHeaderBytes);
        requirePositive("maxEnvelopesPerFrame", maxEnvelopesPerFrame);
        requirePositive("maxHeaders", maxHeaders);
    }

    private static void requirePositive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
    }
}
