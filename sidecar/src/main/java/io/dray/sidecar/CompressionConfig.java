package io.dray.sidecar;

import static io.dray.sidecar.ConfigChecks.inRange;
import static io.dray.sidecar.ConfigChecks.orElse;

import io.dray.core.config.DataSize;
import io.dray.core.wire.ZstdFrames;
import io.dray.sidecar.outbound.CompressionPolicy;

/**
 * When link frames are compressed, by zstd.
 *
 * @param policy auto, always or never; default auto: not over loopback, nor where frames do not shrink
 * @param threshold smallest frame that is compressed, at most 4MiB; default 1KiB, below which little is saved for 5 us
 * @param level 1-9; default 1: level 3 saves 5 % of the bytes of text for 1.3 times the CPU
 */
public record CompressionConfig(CompressionPolicy.Mode policy, DataSize threshold, Integer level) {
    static final CompressionConfig DEFAULT =
            new CompressionConfig(CompressionPolicy.Mode.AUTO, DataSize.ofKiB(1), ZstdFrames.DEFAULT_LEVEL);

    private static final int MAX_LEVEL = 9;

    /** Puts the defaults in. */
    public CompressionConfig {
        policy = orElse(policy, () -> DEFAULT.policy);
        threshold = inRange(
                "threshold",
                orElse(threshold, () -> DEFAULT.threshold),
                new DataSize(0),
                DataSize.ofMiB(4),
                "for no compression set the policy to never");
        level = inRange(
                "level",
                orElse(level, ZstdFrames.DEFAULT_LEVEL),
                1,
                MAX_LEVEL,
                "higher ones cost milliseconds for each frame");
    }

    CompressionPolicy.Settings settings() {
        return new CompressionPolicy.Settings(policy, threshold.toInt(), level);
    }
}
