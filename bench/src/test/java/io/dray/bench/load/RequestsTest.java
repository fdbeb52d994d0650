package io.dray.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RequestsTest {
    private final RecordingCarrier carrier = new RecordingCarrier();
    private final Requests requests = new Requests(List.of(carrier));

    @Test
    void anOpenLoopCountsRefusalsAndExceptionsAndGoesOn() throws Exception {
        Result result = requests.open(Work.requests(100, 10_000).lasting(0.003), Payload.of(100));

        assertThat(carrier.requests).isEqualTo(30);
        // Of 30, each fifth is thrown out (6), of the others each third is refused (8).
        assertThat(result.failures()).isEqualTo(14);
        assertThat(result.operations()).isEqualTo(16);
        assertThat(result.histogram().getTotalCount()).isEqualTo(16);
        assertThat(result.firstFailure()).contains("refused");
    }

    @Test
    void aClosedLoopEndsASlotThatFailed() throws Exception {
        Result result = requests.closed(Work.closed(100, 2).lasting(1), Payload.of(100));

        // The first slot has two answers and a refusal, the second one answer and an exception.
        assertThat(result.operations()).isEqualTo(3);
        assertThat(result.failures()).isEqualTo(2);
    }
}
