package io.dray.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.testing.ManualLoop;
import io.dray.core.wire.FrameWalker;
import io.dray.core.wire.MessageId;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.HopNote;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedeliveriesTest {
    private final ManualLoop manual = new ManualLoop();
    private final Loop loop = new Loop(manual, () -> true, manual.clock(), manual.clock()::nanoTime);
    private final Inbox inbox = inbox();
    private final Redeliveries redeliveries = new Redeliveries();

    @Test
    void remembersWhatRunsAndWhatIsDoneButNotWhatFailed() {
        Delivery first = delivery(1, 1);

        assertThat(redeliveries.offer(first)).isInstanceOf(Redeliveries.Earlier.None.class);
        assertThat(redeliveries.offer(delivery(1, 1))).isEqualTo(new Redeliveries.Earlier.Running(first));
        redeliveries.done(first);
        assertThat(redeliveries.offer(delivery(1, 1))).isInstanceOf(Redeliveries.Earlier.Done.class);

        Delivery failing = delivery(1, 2);
        assertThat(redeliveries.offer(failing)).isInstanceOf(Redeliveries.Earlier.None.class);
        redeliveries.failed(failing);
        assertThat(redeliveries.offer(delivery(1, 2))).isInstanceOf(Redeliveries.Earlier.None.class);
    }

    @Test
    void forgetsTheOldestFirst() {
        for (int sequence = 1; sequence <= Redeliveries.REMEMBERED + 1; sequence++) {
            redeliveries.done(offered(delivery(1, sequence)));
        }

        assertThat(redeliveries.offer(delivery(1, 2))).isInstanceOf(Redeliveries.Earlier.Done.class);
        assertThat(redeliveries.offer(delivery(1, 1))).isInstanceOf(Redeliveries.Earlier.None.class);
    }

    @Test
    void anEndThatComesLateDoesNotTouchWhoHasThePlaceNow() {
        Delivery slow = offered(delivery(1, 1));
        for (int sequence = 2; sequence <= Redeliveries.REMEMBERED + 1; sequence++) {
            offered(delivery(1, sequence));
        }

        redeliveries.done(slow);

        assertThat(redeliveries.offer(delivery(1, Redeliveries.REMEMBERED + 1)))
                .isInstanceOf(Redeliveries.Earlier.Running.class);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void agreesWithAMapWhateverTheOrder(long seed) {
        var random = new Random(seed);
        // Sequences that share a chain, and such that do not; ended ones are remembered as null.
        Map<MessageId, Delivery> running = new LinkedHashMap<>();
        Map<MessageId, Boolean> known = new LinkedHashMap<>();
        for (int step = 0; step < 6_000; step++) {
            Delivery delivery =
                    delivery(random.nextInt(3), random.nextInt(40) * Redeliveries.REMEMBERED + random.nextInt(9));
            Redeliveries.Earlier earlier = redeliveries.offer(delivery);
            Delivery runs = running.get(delivery.id());
            if (runs != null) {
                assertThat(earlier).as("seed %s", seed).isEqualTo(new Redeliveries.Earlier.Running(runs));
            } else if (known.containsKey(delivery.id())) {
                assertThat(earlier).as("seed %s", seed).isInstanceOf(Redeliveries.Earlier.Done.class);
            } else {
                assertThat(earlier).as("seed %s", seed).isInstanceOf(Redeliveries.Earlier.None.class);
                running.put(delivery.id(), delivery);
                known.put(delivery.id(), true);
            }
            Delivery ending = Objects.requireNonNullElse(running.get(delivery.id()), delivery);
            switch (random.nextInt(4)) {
                case 0 -> {
                    redeliveries.done(ending);
                    running.remove(delivery.id());
                }
                case 1 -> {
                    redeliveries.failed(ending);
                    if (running.remove(delivery.id()) != null) {
                        known.remove(delivery.id());
                    }
                }
                default -> {}
            }
        }
    }

    private Delivery offered(Delivery delivery) {
        assertThat(redeliveries.offer(delivery)).isInstanceOf(Redeliveries.Earlier.None.class);
        return delivery;
    }

    private Delivery delivery(long session, long sequence) {
        byte[] bytes = Envelope.newBuilder()
                .setSession(session)
                .setSequence(sequence)
                .build()
                .toByteArray();
        Incoming incoming = Objects.requireNonNull(
                Incoming.read(bytes, 0, bytes.length, new FrameWalker(), new TextMemo()), "readable");
        return new Delivery(inbox, incoming, HopNote.getDefaultInstance(), 1, sequence, List.of());
    }

    private Inbox inbox() {
        var timers = new Timers(loop);
        var outbox = new Outbox(
                Buffers.DEFAULTS,
                loop,
                timers,
                new ResendPause(new Random(1)),
                (_, _, _) -> {},
                new SilentPort(),
                List.of());
        var drafts = new Drafts(
                loop::unixMicros,
                outbox.unfinished(),
                Duration.ofSeconds(30),
                new Callbacks(true),
                () -> Session.SendLimits.DEFAULTS);
        var parts = new Inbox.Parts(
                new ReceiptRuns(),
                new ReceiveWindow(loop.nanoTime(), () -> false),
                new IncomingBlobs(loop, 1 << 20, () -> {}));
        return new Inbox(AgentSpec.named("tester"), 1, new Topics(List.of()), outbox, drafts, parts, () -> {
            throw new AssertionError("no handler runs");
        });
    }

    private static final class SilentPort implements SidecarPort {
        @Override
        public boolean isReady() {
            return false;
        }

        @Override
        public void write(OutFrame frame) {
            throw new AssertionError("never ready");
        }
    }
}
