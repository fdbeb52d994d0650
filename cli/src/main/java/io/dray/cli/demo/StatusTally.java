package io.dray.cli.demo;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.GetStatusResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * The meters of all sidecars added up. Of each start of a sidecar the last snapshot counts, so that what a killed one
 * had done stays counted up to the last time it was asked. Not thread-safe.
 */
final class StatusTally {
    private static final int DIGITS = 3;

    /** What a sidecar carries in this time finds classes that are not loaded and links that are not up. */
    private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanoTime;
    private final Map<String, GetStatusResponse> lastByStart = new HashMap<>();
    private final Map<String, GetStatusResponse> coldByStart = new HashMap<>();
    private final Map<String, Long> firstNanosByStart = new HashMap<>();

    StatusTally() {
        this(System::nanoTime);
    }

    StatusTally(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void add(GetStatusResponse status) {
        String start = status.getNode() + "/" + status.getIncarnation();
        lastByStart.put(start, status);
        long now = nanoTime.getAsLong();
        if (decode(status).getTotalCount() > 0) {
            firstNanosByStart.putIfAbsent(start, now);
        }
        if (now - firstNanosByStart.getOrDefault(start, now) < WARM_UP_NANOS) {
            coldByStart.put(start, status);
        }
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
        lastByStart.values().forEach(status -> all.add(decode(status)));
        return all;
    }

    /** The same without the first second in which each start of a sidecar carried anything. */
    Histogram warmRouting() {
        Histogram all = new Histogram(DIGITS);
        lastByStart.forEach((start, last) -> {
            Histogram warm = decode(last);
            GetStatusResponse cold = coldByStart.get(start);
            if (cold != null) {
                warm.subtract(decode(cold));
            }
            all.add(warm);
        });
        return all;
    }

    private static Histogram decode(GetStatusResponse status) {
        ByteString bytes = status.getRouteHistogram();
        if (bytes.isEmpty()) {
            return new Histogram(DIGITS);
        }
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
