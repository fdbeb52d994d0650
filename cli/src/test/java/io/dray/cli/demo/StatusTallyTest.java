package io.dray.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.GetStatusResponse;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class StatusTallyTest {
    private static final String ROUTED = "dray_envelopes_routed_total";

    private final AtomicLong nanos = new AtomicLong();
    private final StatusTally tally = new StatusTally(nanos::get);

    @Test
    void addsUpOverSidecarsByTag() {
        tally.add(status("node-1", 1, 10, 20, 5));
        tally.add(status("node-2", 1, 1, 2, 7));

        assertThat(tally.sum(ROUTED, "path=\"local\"")).isEqualTo(11);
        assertThat(tally.sum(ROUTED, "path=\"remote\"")).isEqualTo(22);
        assertThat(tally.sum(ROUTED, "")).isEqualTo(33);
        assertThat(tally.sum("dray_envelopes", "")).isZero();
    }

    @Test
    void aLaterSnapshotOfTheSameStartReplacesTheEarlierOne() {
        tally.add(status("node-1", 1, 10, 0, 5));
        tally.add(status("node-1", 1, 15, 0, 5));

        assertThat(tally.sum(ROUTED, "")).isEqualTo(15);
    }

    @Test
    void whatAKilledSidecarHadDoneStaysCounted() {
        tally.add(status("node-1", 1, 10, 0, 5));
        tally.add(status("node-1", 2, 3, 0, 9));

        assertThat(tally.sum(ROUTED, "")).isEqualTo(13);
        assertThat(tally.routing().getTotalCount()).isEqualTo(2);
        assertThat(tally.routing().getMaxValue()).isEqualTo(9);
    }

    @Test
    void theFirstSecondOfEachStartIsLeftOutOfTheWarmTimes() {
        tally.add(status("node-1", 1, 0, 0));
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(9));
        tally.add(status("node-1", 1, 1, 0, 900));
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(999));
        tally.add(status("node-1", 1, 2, 0, 900, 800));
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
        tally.add(status("node-1", 1, 4, 0, 900, 800, 7, 6));
        tally.add(status("node-1", 2, 1, 0, 700));

        assertThat(tally.warmRouting().getTotalCount()).isEqualTo(2);
        assertThat(tally.warmRouting().getMaxValue()).isEqualTo(7);
        assertThat(tally.routing().getTotalCount()).isEqualTo(5);
        assertThat(tally.routing().getMaxValue()).isEqualTo(900);
    }

    @Test
    void whatWasCountedBeforeIsLeftOut() {
        tally.leaveOut(status("node-1", 1, 10, 0, 900));
        tally.add(status("node-1", 1, 13, 0, 900, 7));
        tally.add(status("node-1", 2, 1, 0));

        assertThat(tally.sum(ROUTED, "")).isEqualTo(4);
        assertThat(tally.routing().getMaxValue()).isEqualTo(7);
        assertThat(tally.warmRouting().getTotalCount()).isEqualTo(1);
    }

    @Test
    void withoutAnySidecarAllIsZero() {
        assertThat(tally.sum(ROUTED, "")).isZero();
        assertThat(tally.routing().getValueAtPercentile(99)).isZero();
    }

    private static GetStatusResponse status(String node, long start, double local, double remote, long... micros) {
        Histogram histogram = new Histogram(60_000_000L, 3);
        for (long value : micros) {
            histogram.recordValue(value);
        }
        ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(bytes);
        return GetStatusResponse.newBuilder()
                .setNode(node)
                .setIncarnation(start)
                .putMeters(ROUTED + "{path=\"local\"}", local)
                .putMeters(ROUTED + "{path=\"remote\"}", remote)
                .setRouteHistogram(ByteString.copyFrom(bytes.array(), 0, length))
                .build();
    }
}
