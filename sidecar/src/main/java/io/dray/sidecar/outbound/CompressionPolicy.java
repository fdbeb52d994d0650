package io.dray.sidecar.outbound;

/**
 * Decides for one stream of a link which frames are compressed. Owned by the stream's loop.
 *
 * <p>Under AUTO a link over loopback is never compressed, and one whose frames do not shrink by {@value #WORTHWHILE}
 * is only tried again now and then: compression costs CPU that a fast wire does not give back.
 */
public final class CompressionPolicy {
    /** In which cases frames are compressed. */
    public enum Mode {
        /** Where it pays. */
        AUTO,
        /** Every frame at or over the threshold. */
        ALWAYS,
        /** No frame. */
        NEVER
    }

    /**
     * What is configured.
     *
     * @param thresholdBytes smallest frame that is compressed
     * @param level of zstd
     */
    public record Settings(Mode mode, int thresholdBytes, int level) {}

    private static final double WORTHWHILE = 1.2;
    private static final double WEIGHT = 0.1;
    private static final int TRY_AGAIN_EVERY = 64;

    private final Settings settings;
    private final boolean loopback;
    private double ratio = 2;
    private int skipped;

    /** Creates the policy of one stream; it starts by believing that compression pays. */
    public CompressionPolicy(Settings settings, boolean loopback) {
        this.settings = settings;
        this.loopback = loopback;
    }

    /** Whether a frame of this size is to be compressed. */
    public boolean wants(int frameBytes) {
        if (frameBytes < settings.thresholdBytes()) {
            return false;
        }
        return switch (settings.mode()) {
            case ALWAYS -> true;
            case NEVER -> false;
            case AUTO -> !loopback && (ratio >= WORTHWHILE || tryAgain());
        };
    }

    int level() {
        return settings.level();
    }

    /** Learns how well a frame shrank. */
    public void compressed(int rawBytes, int wireBytes) {
        ratio += WEIGHT * ((double) rawBytes / Math.max(1, wireBytes) - ratio);
    }

    private boolean tryAgain() {
        skipped++;
        return skipped % TRY_AGAIN_EVERY == 0;
    }
}
