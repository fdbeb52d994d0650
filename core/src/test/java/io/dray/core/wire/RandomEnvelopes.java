package io.dray.core.wire;

import com.google.protobuf.ByteString;
import io.dray.types.v1.Address;
import io.dray.types.v1.Code;
import io.dray.types.v1.DeliveryClass;
import io.dray.types.v1.Encoding;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Error;
import io.dray.types.v1.Kind;
import io.dray.types.v1.Priority;
import io.dray.types.v1.ReceiptLevel;
import java.util.Random;

/** Valid envelopes from a seed, each field present or not by chance. */
final class RandomEnvelopes {
    private static final String NAME_PARTS = "abcdefghijklmnopqrstuvwxyz0123456789.-";
    private static final String TEXT_PARTS = "abc XYZ019_-äßé€漢字😀\u0000\n";

    private final Random random;

    RandomEnvelopes(long seed) {
        this.random = new Random(seed);
    }

    Envelope next() {
        Envelope.Builder envelope = Envelope.newBuilder().setTo(address());
        routing(envelope);
        extras(envelope);
        if (chance()) {
            byte[] payload = new byte[random.nextInt(300)];
            random.nextBytes(payload);
            envelope.setPayload(ByteString.copyFrom(payload));
        }
        return envelope.build();
    }

    private void routing(Envelope.Builder envelope) {
        if (chance()) {
            envelope.setFrom(name() + "/" + name() + "@" + name());
        }
        envelope.setSession(random.nextLong()).setSequence(random.nextInt(1000));
        if (chance()) {
            envelope.setDeadlineUnixMicros(random.nextLong());
        }
        envelope.setPriority(Priority.forNumber(random.nextInt(5)));
        envelope.setDeliveryClass(DeliveryClass.forNumber(random.nextInt(4)));
        envelope.setReceipt(ReceiptLevel.forNumber(random.nextInt(6)));
        envelope.setKind(Kind.forNumber(random.nextInt(5)));
        envelope.setHops(chance() ? random.nextInt(20) : random.nextInt());
        if (chance()) {
            envelope.setOrderingKey(text());
        }
        envelope.setDeliverAtUnixMicros(chance() ? random.nextLong() : 0);
        envelope.setOrdinal(chance() ? random.nextLong() : random.nextInt(300));
    }

    private void extras(Envelope.Builder envelope) {
        if (chance()) {
            envelope.setType(text()).setContentType(text()).setConversationId(text());
            envelope.setIdempotencyKey(text()).setTraceparent(text()).setTracestate(text());
        }
        if (chance()) {
            envelope.setCauseSession(random.nextLong()).setCauseSequence(random.nextLong());
            envelope.setPayloadEncoding(Encoding.forNumber(random.nextInt(3)));
            envelope.setRawBytes(random.nextLong()).setCacheTtlMillis(random.nextInt());
            envelope.setBlob(random.nextLong());
            envelope.setBlobBytes(random.nextLong());
        }
        if (random.nextInt(8) == 0) {
            envelope.setError(Error.newBuilder()
                    .setCode(Code.forNumber(random.nextInt(40)))
                    .setRetryable(chance())
                    .setMessage(text())
                    .setRetryAfterMillis(random.nextInt())
                    .setValue(text())
                    .setExpected(text()));
        }
        for (int i = random.nextInt(6); i > 2; i--) {
            envelope.putHeaders(text(), text());
        }
    }

    private Address address() {
        return switch (random.nextInt(4)) {
            case 0 -> Addresses.agent(name());
            case 1 -> Addresses.instance(name() + "/" + name() + "@" + name());
            case 2 -> Addresses.capability(name());
            default -> Addresses.topic("Topic_" + random.nextInt(100) + ".sub-" + random.nextInt(100));
        };
    }

    private String name() {
        StringBuilder name = new StringBuilder("n");
        for (int i = random.nextInt(20); i > 0; i--) {
            name.append(NAME_PARTS.charAt(random.nextInt(NAME_PARTS.length())));
        }
        return name.toString();
    }

    private String text() {
        int[] characters = TEXT_PARTS.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(25); i > 0; i--) {
            text.appendCodePoint(characters[random.nextInt(characters.length)]);
        }
        return text.toString();
    }

    private boolean chance() {
        return random.nextBoolean();
    }
}
