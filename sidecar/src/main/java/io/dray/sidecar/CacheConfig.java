package io.dray.sidecar;

import static io.dray.sidecar.ConfigChecks.inRange;
import static io.dray.sidecar.ConfigChecks.orElse;

import io.dray.core.config.DataSize;
import io.dray.sidecar.replies.ReplyCache;
import java.util.List;
import java.util.Set;

/**
 * Replies that are given again, when the agent that gave them marked them so.
 *
 * @param bytes of replies and of requests that wait for one, out of the memory budget, at most 1GiB; default 8MiB; 0B
 *     keeps none
 * @param headers names of headers that make a request another one; default: all that it has
 */
public record CacheConfig(DataSize bytes, List<String> headers) {
    static final CacheConfig DEFAULT = new CacheConfig(DataSize.ofMiB(8), List.of());

    /** Puts the defaults in. */
    public CacheConfig {
        bytes = inRange(
                "bytes",
                orElse(bytes, () -> DEFAULT.bytes),
                new DataSize(0),
                DataSize.ofMiB(1_024),
                "0B keeps no replies");
        headers = List.copyOf(orElse(headers, () -> DEFAULT.headers));
    }

    ReplyCache.Settings settings() {
        return new ReplyCache.Settings(bytes.bytes(), Set.copyOf(headers));
    }
}
