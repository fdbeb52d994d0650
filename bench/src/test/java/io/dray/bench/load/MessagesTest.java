package io.dray.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MessagesTest {
    private static final int PAYLOAD_BYTES = 8 * 1024 * 1024;
    private static final double SECONDS = 0.5;

    private final RecordingCarrier carrier = new RecordingCarrier();
    private final Messages messages = new Messages(carrier);

    @Test
    void aPacedFloodWaitsForTheSinkWhenItIsTooFarAhead() throws InterruptedException {
        Work flood = Work.flood(PAYLOAD_BYTES, 1).lasting(SECONDS);

        Result result = messages.flood(flood, Payload.of(PAYLOAD_BYTES));

        assertThat(result.sent()).isEqualTo(Messages.unconfirmed(flood));
        assertThat(carrier.sent).hasSize((int) result.sent());
    }

    @Test
    void anUnpacedFloodGoesOnWithoutBeingConfirmed() throws InterruptedException {
        Work flood = Work.unpacedFlood(PAYLOAD_BYTES).lasting(SECONDS);

        Result result = messages.flood(flood, Payload.of(PAYLOAD_BYTES));

        assertThat(result.sent()).isGreaterThan(Messages.unconfirmed(flood));
        assertThat(carrier.sent).hasSize((int) result.sent());
    }
}
