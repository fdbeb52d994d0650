package io.dray.sidecar;

import static io.dray.sidecar.ConfigChecks.inRange;
import static io.dray.sidecar.ConfigChecks.orElse;

import io.dray.core.config.DataSize;
import io.dray.sidecar.frame.FrameLimits;

/**
 * How much one frame gathers; a larger envelope goes alone. Nothing waits for a frame to become full.
 *
 * @param bytes of envelopes, 4KiB-512KiB; default 120KiB
 * @param envelopes 1-1024; default 1024, what the contract allows
 */
public record BatchConfig(DataSize bytes, Integer envelopes) {
    private static final DataSize LEAST = DataSize.ofKiB(4);
    /** Receipts, notes and a chunk ride beside the envelopes in a frame of at most 1 MiB. */
    private static final DataSize MOST = DataSize.ofKiB(512);

    /** Puts the defaults in. */
    public BatchConfig {
        bytes = inRange(
                "bytes",
                orElse(bytes, () -> new DataSize(FrameLimits.DEFAULT.bytes())),
                LEAST,
                MOST,
                "a frame has at most 1MiB with all that rides in it");
        envelopes = inRange(
                "envelopes",
                orElse(envelopes, FrameLimits.DEFAULT.envelopes()),
                1,
                FrameLimits.DEFAULT.envelopes(),
                "more are refused by the receiver");
    }

    static BatchConfig of(FrameLimits limits) {
        return new BatchConfig(new DataSize(limits.bytes()), limits.envelopes());
    }

    FrameLimits limits() {
        return new FrameLimits(bytes.toInt(), envelopes);
    }
}
