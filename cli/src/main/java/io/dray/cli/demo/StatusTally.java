package io.dray.cli.demo;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.GetStatusResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * The meters of all sidecars added up. Of each start of a sidecar the last snapshot counts, so that what a killed one
 * had done stays counted up to the last time it was asked. Not thread-safe.
 */
final class StatusTally {
    private static final int DIGITS = 3;

    private final Map<String, GetStatusResponse> lastByStart = new HashMap<>();

    void add(GetStatusResponse status) {
        lastByStart.put(status.getNode() + "/" + status.getIncarnation(), status);
    }

    /** The sum of a meter over all sidecars, and over its tags but those that are given as {@code name="value"}. */
    long sum(String meter, String tag) {
        double sum = 0;
        for (GetStatusResponse status : lastByStart.values()) {
            for (var one : status.getMetersMap().entrySet()) {
                if (isMeter(one.getKey(), meter) && one.getKey().contains(tag)) {
                    sum += one.getValue();
                }
            }
        }
        return Math.round(sum);
    }

    /** All routing times, in microseconds. */
    Histogram routing() {
        Histogram all = new Histogram(DIGITS);
        for (GetStatusResponse status : lastByStart.values()) {
            ByteString bytes = status.getRouteHistogram();
            if (!bytes.isEmpty()) {
                all.add(decode(bytes));
            }
        }
        return all;
    }

    private static Histogram decode(ByteString bytes) {
        try {
            return Histogram.decodeFromCompressedByteBuffer(bytes.asReadOnlyByteBuffer(), 0);
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("route_histogram: not an HdrHistogram (expected: V2 compressed)", e);
        }
    }

    private static boolean isMeter(String key, String meter) {
        return key.equals(meter) || key.startsWith(meter + "{");
    }
}
