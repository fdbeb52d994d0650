package io.dray.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.testing.Await;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SinkTest {
    private final RecordingCarrier carrier = new RecordingCarrier();
    private final Sink sink = new Sink(carrier);
    private final Consumer<ByteBuffer> receiver = sink.receiver();
    private int number;

    @Test
    void confirmsEachGroupOfARun() {
        for (int i = 0; i < 7; i++) {
            receiver.accept(message(System.nanoTime(), 1, 3));
        }

        assertThat(carrier.sent).containsExactly("confirmations 1 3", "confirmations 1 3");
    }

    @Test
    void whatIsLeftOfAnEarlierRunCompletesNoGroup() {
        receiver.accept(message(System.nanoTime(), 1, 2));
        receiver.accept(message(System.nanoTime(), 2, 2));

        assertThat(carrier.sent).isEmpty();
    }

    @Test
    void openLoopsAreNotConfirmed() {
        receiver.accept(message(System.nanoTime(), 1, 0));

        assertThat(carrier.sent).isEmpty();
    }

    @Test
    void latencyCountsFromTheTimeInTheMessage() throws Exception {
        long planned = System.nanoTime();
        Await.until("20 ms", Duration.ofSeconds(10), () -> System.nanoTime() - planned > 20_000_000);

        receiver.accept(message(planned, 1, 0));

        Result result = sink.report(1, 0);
        assertThat(result.histogram().getMaxValue()).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
        assertThat(result.failures()).isZero();
    }

    @Test
    void whatNeverCameIsAFailureAndTheNextReportStartsFromZero() throws Exception {
        receiver.accept(message(System.nanoTime(), 1, 0));

        Result first = sink.report(3, 0);
        Result second = sink.report(0, 0);

        assertThat(first.operations()).isEqualTo(1);
        assertThat(first.failures()).isEqualTo(2);
        assertThat(first.firstFailure()).isEqualTo("2 messages never arrived");
        assertThat(second.operations()).isZero();
    }

    @Test
    void whatComesLateCountsForNoLaterStretchEvenIfNothingOfItsOwnCameInTime() throws Exception {
        ByteBuffer late = message(System.nanoTime(), 1, 0);
        Result first = sink.report(1, 0);

        receiver.accept(late);
        receiver.accept(message(System.nanoTime(), 2, 0));
        Result second = sink.report(2, 0);

        assertThat(first.failures()).isEqualTo(1);
        assertThat(second.operations()).isEqualTo(1);
        assertThat(second.failures()).isEqualTo(1);
    }

    @Test
    void whatComesAgainHidesNoLossAndConfirmsNothing() throws Exception {
        ByteBuffer message = message(System.nanoTime(), 1, 2);
        receiver.accept(message.duplicate());
        receiver.accept(message.duplicate());

        Result result = sink.report(2, 0);

        assertThat(carrier.sent).isEmpty();
        assertThat(result.operations()).isEqualTo(1);
        assertThat(result.duplicates()).isEqualTo(1);
        assertThat(result.failures()).isEqualTo(1);
        assertThat(sink.report(0, 0).duplicates()).isZero();
    }

    @Test
    void aPublicationCountsOnceForEachReceiver() throws Exception {
        Consumer<ByteBuffer> other = sink.receiver();
        ByteBuffer message = message(System.nanoTime(), 1, 0);
        receiver.accept(message.duplicate());
        other.accept(message.duplicate());

        Result result = sink.report(2, 0);

        assertThat(result.operations()).isEqualTo(2);
        assertThat(result.duplicates()).isZero();
    }

    @Test
    void aMessageCarriesWhatTheSinkReads() {
        Payload messages = Payload.of(100);
        var _ = messages.next(6, 8, 9);
        ByteBuffer payload = ByteBuffer.wrap(messages.next(7, 8, 9));

        assertThat(payload.remaining()).isEqualTo(100);
        assertThat(payload.getLong()).isEqualTo(7);
        assertThat(payload.getInt()).isEqualTo(8);
        assertThat(payload.getInt()).isEqualTo(9);
        assertThat(payload.getInt()).isEqualTo(1);
    }

    private ByteBuffer message(long nanos, int run, int confirmEvery) {
        return ByteBuffer.allocate(Payload.HEADER_BYTES)
                .putLong(nanos)
                .putInt(run)
                .putInt(confirmEvery)
                .putInt(number++)
                .flip();
    }
}
