package io.dray.sidecar;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.Welcome;
import io.dray.types.v1.Address;
import io.dray.types.v1.DeliveryClass;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Priority;
import io.dray.types.v1.Receipt;
import io.dray.types.v1.ReceiptLevel;
import io.dray.types.v1.Version;
import io.dray.types.v1.Window;
import java.util.List;
import java.util.Random;

/** A played agent that comes back with its session while that lasts, and sends to others at random. */
final class Player {
    private static final int MAX_BYTES = 3_000;
    private static final int MAX_ENVELOPES = 12;
    private static final long DEADLINE_MICROS = 3_000_000;
    private static final int UNKNOWN_NAMES = 100;

    private final Doors doors;
    private final String name;
    private final List<String> others;
    private AgentClient client;
    private final LargeSends large;
    private int attempts;
    private Welcome welcome = Welcome.getDefaultInstance();
    private long sequence;
    private long windowMessages;
    private boolean attached;

    Player(Doors doors, String name, List<String> others) {
        this.doors = doors;
        this.name = name;
        this.others = List.copyOf(others);
        this.client = doors.connect();
        this.large = new LargeSends(client);
        attach();
    }

    void attach() {
        if (attached) {
            return;
        }
        client = doors.connect();
        large.continueBy(client);
        client.say(AttachRequest.newBuilder()
                .setHello(Doors.hello(name)
                        .setVersion(version())
                        .setSession(welcome.getSession())
                        .setSessionSecret(welcome.getSessionSecret())
                        .setWindow(Window.newBuilder().setMessages(5).setBytes(1 << 20)))
                .build());
        attached = client.call.isOpen();
        if (attached) {
            long before = welcome.getSession();
            welcome = client.welcome();
            sequence = before == welcome.getSession() ? sequence : 0;
            windowMessages = 5;
        }
    }

    /** Every third time it takes no chunks, so that the sidecar puts large payloads together for it. */
    private Version.Builder version() {
        Version.Builder version = Version.newBuilder().setMajor(1);
        return attempts++ % 3 == 2 ? version : version.addFeatures(Attaching.CHUNKS);
    }

    /** Does one thing that agents do, or that happens to them. */
    void act(Random random) {
        switch (random.nextInt(24)) {
            case 0 -> leave();
            case 1, 2 -> attach();
            case 3, 4 -> client.call.ready = random.nextBoolean();
            case 5, 6, 7 -> widen(random.nextInt(20));
            case 8, 9 -> answer(random);
            case 10, 11, 12, 13 -> goOn(random);
            case 14, 15 -> sendLarge(random);
            default -> send(random);
        }
    }

    void leave() {
        if (attached) {
            attached = false;
            client.leave();
        }
    }

    void widen(int messages) {
        if (attached) {
            windowMessages += messages;
            client.say(AttachRequest.newBuilder()
                    .setWindow(Window.newBuilder().setMessages(windowMessages).setBytes(1 << 30))
                    .build());
        }
    }

    void answer(Random random) {
        if (attached) {
            var level = random.nextInt(4) == 0 ? ReceiptLevel.RECEIPT_LEVEL_REFUSED : ReceiptLevel.RECEIPT_LEVEL_DONE;
            client.answer(Receipt.newBuilder()
                    .setFirst(1 + random.nextInt(200))
                    .setCount(1 + random.nextInt(50))
                    .setLevel(level));
        }
    }

    void send(Random random) {
        if (!attached) {
            return;
        }
        AttachRequest.Builder frame = AttachRequest.newBuilder();
        Address to = someone(random);
        int priority = 1 + random.nextInt(4);
        boolean atLeastOnce = random.nextInt(4) == 0;
        for (int i = random.nextInt(MAX_ENVELOPES); i >= 0; i--) {
            frame.addEnvelopes(envelope(to, priority, atLeastOnce, random));
        }
        client.say(frame.build());
        attached = client.call.isOpen();
    }

    /** Large payloads that it sent to the last chunk. */
    int sentWhole() {
        return large.sentWhole();
    }

    private void sendLarge(Random random) {
        if (attached) {
            Envelope.Builder envelope =
                    envelope(someone(random), 1 + random.nextInt(4), random.nextInt(4) == 0, random);
            client.say(AttachRequest.newBuilder()
                    .addEnvelopes(large.begin(envelope, random))
                    .build());
            attached = client.call.isOpen();
        }
    }

    private void goOn(Random random) {
        if (attached) {
            large.act(random);
            attached = client.call.isOpen();
        }
    }

    /** Mostly one of the others; now and then a name that has to be looked up in vain. */
    private Address someone(Random random) {
        String agent = random.nextInt(10) == 0
                ? "nobody-" + random.nextInt(UNKNOWN_NAMES)
                : others.get(random.nextInt(others.size()));
        return Address.newBuilder().setAgent(agent).build();
    }

    private Envelope.Builder envelope(Address to, int priority, boolean atLeastOnce, Random random) {
        Envelope.Builder envelope = Envelope.newBuilder()
                .setTo(to)
                .setFrom(welcome.getInstance())
                .setSession(welcome.getSession())
                .setSequence(++sequence)
                .setPriority(Priority.forNumber(priority))
                .setPayload(ByteString.copyFrom(new byte[random.nextInt(MAX_BYTES)]));
        if (atLeastOnce) {
            envelope.setDeliveryClass(DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE)
                    .setOrdinal(sequence)
                    .setDeadlineUnixMicros(doors.context.nowMicros() + DEADLINE_MICROS);
        }
        return envelope;
    }
}
