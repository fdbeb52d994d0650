package io.dray.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.AttachResponse;
import io.dray.core.wire.Addresses;
import io.dray.types.v1.Envelope;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceivedFrameTest {
    private final ReceivedFrame received = new ReceivedFrame();

    @ParameterizedTest
    @ValueSource(ints = {100, InFrame.POOLED_BYTES})
    void anEnvelopeAmongOthersKeepsNothingOfItsFrame(int payloadBytes) throws IOException {
        ByteString payload = payload(payloadBytes);
        InFrame frame = frame(payload, payload);
        received.start(frame);

        Incoming first = received.envelope(0);
        Arrays.fill(frame.bytes(), (byte) 0);

        assertThat(first.payload()).isEqualTo(payload);
    }

    @Test
    void aLargeEnvelopeAloneIsNotCopied() throws IOException {
        ByteString payload = payload(InFrame.POOLED_BYTES);
        InFrame frame = frame(payload);
        received.start(frame);

        Incoming alone = received.envelope(0);
        Arrays.fill(frame.bytes(), (byte) 0);

        assertThat(alone.payload()).isNotEqualTo(payload);
    }

    private static ByteString payload(int bytes) {
        byte[] payload = new byte[bytes];
        Arrays.fill(payload, (byte) 'x');
        return ByteString.copyFrom(payload);
    }

    private static InFrame frame(ByteString... payloads) throws IOException {
        AttachResponse.Builder frame = AttachResponse.newBuilder();
        for (ByteString payload : payloads) {
            frame.addEnvelopes(Envelope.newBuilder()
                    .setTo(Addresses.agent("receiver"))
                    .setSession(1)
                    .setSequence(1)
                    .setPayload(payload));
        }
        return InFrame.read(new ByteArrayInputStream(frame.build().toByteArray()));
    }
}
