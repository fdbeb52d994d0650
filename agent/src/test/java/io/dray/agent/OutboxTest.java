package io.dray.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.Welcome;
import io.dray.core.testing.ManualLoop;
import io.dray.core.wire.Addresses;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Address;
import io.dray.types.v1.Code;
import io.dray.types.v1.DeliveryClass;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Priority;
import io.dray.types.v1.Receipt;
import io.dray.types.v1.ReceiptLevel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboxTest {
    private final ManualLoop manual = new ManualLoop();
    private final Loop loop = new Loop(manual, () -> true, manual.clock(), manual.clock()::nanoTime);
    private final PausingPort port = new PausingPort();
    private long session = 1;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void countsNoByteWhenNothingIsLeftWhateverHappenedBefore(long seed) {
        var random = new Random(seed);
        var outbox = new Outbox(
                Buffers.DEFAULTS, loop, new Timers(loop), new ResendPause(random), (_, _, _) -> {}, port, List.of());
        var callbacks = new Callbacks(true);
        var drafts = new Drafts(
                loop::unixMicros,
                outbox.unfinished(),
                Duration.ofSeconds(30),
                callbacks,
                () -> Session.SendLimits.DEFAULTS);
        attach(outbox, 0);
        List<Outgoing> requests = new ArrayList<>();

        for (int step = 0; step < 3_000; step++) {
            act(random, outbox, drafts, callbacks, requests);
            manual.runReady();
        }
        port.isReady = true;
        outbox.destinations().restart(false);
        manual.advance(Duration.ofMinutes(2));

        assertThat(outbox.isSettled()).as("seed %s", seed).isTrue();
        assertThat(outbox.queuedBytes()).as("seed %s", seed).isZero();
        assertThat(outbox.unfinished().heldBytes()).as("seed %s", seed).isZero();
    }

    @Test
    void whatIsHeldBackWhileItIsFullLeavesOnceItIsNotAlthoughNobodySends() {
        List<Outbox> outboxes = new ArrayList<>();
        List<Boolean> askedWhenFull = new ArrayList<>();
        FramePart part = (_, _) -> {
            askedWhenFull.add(outboxes.getFirst().isFull());
            return 0;
        };
        var outbox = new Outbox(
                Buffers.DEFAULTS,
                loop,
                new Timers(loop),
                new ResendPause(new Random(1)),
                (_, _, _) -> {},
                port,
                List.of(part));
        outboxes.add(outbox);
        var drafts = new Drafts(
                loop::unixMicros,
                outbox.unfinished(),
                Duration.ofSeconds(30),
                new Callbacks(true),
                () -> Session.SendLimits.DEFAULTS);
        attach(outbox, 0);
        port.isReady = false;
        while (!outbox.isFull()) {
            send(outbox, drafts.event(Message.to("b").payload(ByteString.copyFrom(new byte[10_000]))));
        }
        manual.runReady();

        port.isReady = true;
        outbox.requestDrain();
        manual.runReady();

        assertThat(askedWhenFull).contains(true).last().isEqualTo(false);
    }

    private void act(Random random, Outbox outbox, Drafts drafts, Callbacks callbacks, List<Outgoing> requests) {
        switch (random.nextInt(12)) {
            case 0 -> port.isReady = random.nextInt(3) > 0;
            case 1 ->
                outbox.destinations()
                        .onFlow(address(random), 1 + random.nextInt(15), random.nextBoolean(), random.nextInt(2) * 50);
            case 2 -> outbox.unfinished().onReceipt(receipt(random));
            case 3 -> manual.advance(Duration.ofMillis(random.nextInt(2_000)));
            case 4 -> {
                if (random.nextInt(5) == 0) {
                    outbox.unfinished().onDetached();
                    attach(outbox, random.nextInt(100));
                }
            }
            case 5 -> {
                if (!requests.isEmpty()) {
                    outbox.unfinished().cancel(requests.remove(random.nextInt(requests.size())));
                }
            }
            case 6 -> {
                var request = drafts.request(message(random), Duration.ofSeconds(5), new ReplyFuture(callbacks));
                if (send(outbox, request)) {
                    requests.add(request);
                }
            }
            default -> send(outbox, drafts.event(message(random)));
        }
        outbox.requestDrain();
    }

    private void attach(Outbox outbox, long receivedThrough) {
        // Every third time a new session, every other time a new sidecar.
        session += receivedThrough % 3 == 0 ? 1 : 0;
        var welcome = Welcome.newBuilder()
                .setInstance("a/b@c")
                .setNode("c")
                .setSession(session)
                .setIncarnation(receivedThrough % 2)
                .build();
        outbox.onAttached(Session.of(welcome), receivedThrough, receivedThrough % 3 != 0, null);
    }

    private static boolean send(Outbox outbox, Outgoing message) {
        try {
            outbox.send(message, OnFull.FAIL, 0);
            return true;
        } catch (MeshException e) {
            assertThat(e.code()).isEqualTo(Code.CODE_MAILBOX_FULL);
            return false;
        }
    }

    private static Message message(Random random) {
        return Message.to(address(random))
                .priority(Priority.forNumber(random.nextInt(5)))
                .deliveryClass(DeliveryClass.forNumber(random.nextInt(3)))
                .deadline(Duration.ofMillis(1 + random.nextInt(10_000)))
                .payload(ByteString.copyFrom(new byte[random.nextInt(20_000)]));
    }

    private static Address address(Random random) {
        return Addresses.agent("agent" + random.nextInt(4));
    }

    private Receipt receipt(Random random) {
        var receipt = Receipt.newBuilder()
                .setFirst(random.nextInt(1_000))
                .setCount(random.nextInt(50))
                .setLevel(ReceiptLevel.forNumber(1 + random.nextInt(5)));
        Code code = random.nextBoolean() ? Code.CODE_MAILBOX_FULL : Code.CODE_HANDLER_FAILED;
        return receipt.setError(MeshError.of(code, "random")).build();
    }

    /** Takes frames, or is not ready, as the test wants. */
    private static final class PausingPort implements SidecarPort {
        private boolean isReady = true;

        @Override
        public boolean isReady() {
            return isReady;
        }

        @Override
        public void write(OutFrame frame) {
            assertThat(parse(frame).getEnvelopesList())
                    .extracting(Envelope::getSequence)
                    .doesNotContain(0L);
        }

        private static AttachRequest parse(OutFrame frame) {
            try (var bytes = frame.stream()) {
                return AttachRequest.parseFrom(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
