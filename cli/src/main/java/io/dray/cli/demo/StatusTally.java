package io.dray.cli.demo;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.GetStatusResponse;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * The meters of all sidecars added up. Of each start of a sidecar the last snapshot counts, so that what a killed one
 * had done stays counted up to the last time it was asked. What they had counted before may be left out. Not thread-safe.
 */
final class StatusTally {
    private static final int DIGITS = 3;

    /** What a sidecar carries in this time finds classes that are not loaded and links that are not up. */
    private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanoTime;
    private final Map<String, GetStatusResponse> lastByStart = new HashMap<>();
    private final Map<String, GetStatusResponse> beforeByStart = new HashMap<>();
    private final Map<String, GetStatusResponse> coldByStart = new HashMap<>();
    private final Map<String, Long> firstNanosByStart = new HashMap<>();

    StatusTally() {
        this(System::nanoTime);
    }

    StatusTally(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Leaves out what this start of a sidecar has counted up to now. */
    void leaveOut(GetStatusResponse status) {
        beforeByStart.put(start(status), status);
        lastByStart.put(start(status), status);
    }

    void add(GetStatusResponse status) {
        String start = start(status);
        lastByStart.put(start, status);
        if (beforeByStart.containsKey(start)) {
            return; // it is warm
        }
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
        return Math.round(sum(lastByStart.values(), meter, tag) - sum(beforeByStart.values(), meter, tag));
    }

    private static double sum(Collection<GetStatusResponse> statuses, String meter, String tag) {
        double sum = 0;
        for (GetStatusResponse status : statuses) {
            for (var one : status.getMetersMap().entrySet()) {
                if (isMeter(one.getKey(), meter) && one.getKey().contains(tag)) {
                    sum += one.getValue();
                }
            }
        }
        return sum;
    }

    /** All routing times, in microseconds. */
    Histogram routing() {
        return without(beforeByStart);
    }

    /** The same without the first second in which each start of a sidecar carried anything. */
    Histogram warmRouting() {
        Map<String, GetStatusResponse> earlier = new HashMap<>(coldByStart);
        earlier.putAll(beforeByStart);
        return without(earlier);
    }

    private Histogram without(Map<String, GetStatusResponse> earlierByStart) {
        Histogram all = new Histogram(DIGITS);
        lastByStart.forEach((start, last) -> {
            Histogram later = decode(last);
            GetStatusResponse earlier = earlierByStart.get(start);
            if (earlier != null) {
                later.subtract(decode(earlier));
            }
            all.add(later);
        });
        return all;
    }

    private static String start(GetStatusResponse status) {
        return status.getNode() + "/" + status.getIncarnation();
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
