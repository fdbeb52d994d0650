package io.dray.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SinkTest {
    private final RecordingCarrier carrier = new RecordingCarrier();
    private final Sink sink = new Sink(carrier);

    @Test
    void confirmsEachGroupOfARun() {
        for (int i = 0; i < 7; i++) {
            sink.onMessage(message(System.nanoTime(), 1, 3));
        }

        assertThat(carrier.sent).containsExactly("confirmations 1 3", "confirmations 1 3");
    }

    @Test
    void whatIsLeftOfAnEarlierRunCompletesNoGroup() {
        sink.onMessage(message(System.nanoTime(), 1, 2));
        sink.onMessage(message(System.nanoTime(), 2, 2));

        assertThat(carrier.sent).isEmpty();
    }

    @Test
    void openLoopsAreNotConfirmed() {
        sink.onMessage(message(System.nanoTime(), 1, 0));

        assertThat(carrier.sent).isEmpty();
    }

    @Test
    void latencyCountsFromTheTimeInTheMessage() throws Exception {
        sink.onMessage(message(System.nanoTime() - TimeUnit.SECONDS.toNanos(5), 1, 0));

        Result result = sink.report(1, 0);

        assertThat(result.histogram().getMaxValue()).isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(5));
        assertThat(result.failures()).isZero();
    }

    @Test
    void whatNeverCameIsAFailureAndTheNextReportStartsFromZero() throws Exception {
        sink.onMessage(message(System.nanoTime(), 1, 0));

        Result first = sink.report(3, 0);
        Result second = sink.report(0, 0);

        assertThat(first.operations()).isEqualTo(1);
        assertThat(first.failures()).isEqualTo(2);
        assertThat(first.firstFailure()).isEqualTo("2 messages never arrived");
        assertThat(second.operations()).isZero();
    }

    @Test
    void whatComesLateCountsForNoLaterStretch() throws Exception {
        sink.onMessage(message(System.nanoTime(), 1, 0));
        Result first = sink.report(2, 0);

        sink.onMessage(message(System.nanoTime(), 1, 0));
        sink.onMessage(message(System.nanoTime(), 2, 0));
        Result second = sink.report(2, 0);

        assertThat(first.failures()).isEqualTo(1);
        assertThat(second.operations()).isEqualTo(1);
        assertThat(second.failures()).isEqualTo(1);
    }

    @Test
    void aMessageCarriesWhatTheSinkReads() {
        ByteBuffer payload = ByteBuffer.wrap(Payload.of(100).next(7, 8, 9));

        assertThat(payload.remaining()).isEqualTo(100);
        assertThat(payload.getLong()).isEqualTo(7);
        assertThat(payload.getInt()).isEqualTo(8);
        assertThat(payload.getInt()).isEqualTo(9);
    }

    private static ByteBuffer message(long nanos, int run, int confirmEvery) {
        return ByteBuffer.allocate(Payload.HEADER_BYTES)
                .putLong(nanos)
                .putInt(run)
                .putInt(confirmEvery)
                .flip();
    }
}
