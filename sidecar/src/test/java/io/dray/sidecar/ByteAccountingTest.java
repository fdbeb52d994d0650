package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.Welcome;
import io.dray.sidecar.local.LocalAgent;
import io.dray.sidecar.queue.Refusals;
import io.dray.types.v1.Address;
import io.dray.types.v1.DeliveryClass;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Error;
import io.dray.types.v1.Priority;
import io.dray.types.v1.Receipt;
import io.dray.types.v1.ReceiptLevel;
import io.dray.types.v1.Window;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever agents send, stall, lose and take up again: what the senders hold is what the memory budget has given out, at
 * each step, and both are 0 when nothing waits.
 */
class ByteAccountingTest {
    private static final int AGENTS = 4;
    private static final int STEPS = 1_500;
    private static final int MAX_BYTES = 3_000;
    private static final int MAX_ENVELOPES = 12;
    private static final long DEADLINE_MICROS = 3_000_000;
    private static final Error AWAY = Refusals.nodeLost("the instance did not come back");

    @TempDir
    private Path folder;

    private final List<Player> players = new ArrayList<>();
    private final Set<LocalAgent> everAttached = new HashSet<>();

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 20_261_121})
    void whatIsHeldIsWhatWasReservedAndNothingAtRest(long seed) throws Exception {
        System.out.println("ByteAccountingTest seed " + seed);
        var random = new Random(seed);
        try (Doors doors = new Doors(folder)) {
            for (int i = 0; i < AGENTS; i++) {
                players.add(new Player(doors, "agent-" + i));
            }
            long mostUsed = 0;
            for (int step = 0; step < STEPS; step++) {
                act(doors, players.get(random.nextInt(AGENTS)), random);
                everAttached.addAll(doors.agents.all());
                mostUsed = Math.max(mostUsed, doors.budget.used());
                assertThat(held()).as("seed %s step %s", seed, step).isEqualTo(doors.budget.used());
            }
            assertThat(mostUsed).as("something waited").isPositive();

            players.forEach(Player::leave);
            doors.agents.all().forEach(agent -> doors.agents.removeAway(agent, 0, AWAY));

            assertThat(doors.agents.all()).isEmpty();
            assertThat(doors.budget.used()).as("seed %s", seed).isZero();
            assertThat(everAttached).as("seed %s", seed).allSatisfy(agent -> {
                assertThat(agent.heldBytes()).isZero();
                assertThat(agent.mailbox().queuedBytes()).isZero();
                assertThat(agent.mailbox().queuedEnvelopes()).isZero();
                assertThat(agent.mailbox().unanswered()).isZero();
            });
        }
    }

    private long held() {
        return everAttached.stream().mapToLong(LocalAgent::heldBytes).sum();
    }

    private void act(Doors doors, Player player, Random random) {
        switch (random.nextInt(20)) {
            case 0 -> player.leave();
            case 1, 2 -> player.attach();
            case 3 -> doors.agents.all().forEach(agent -> doors.agents.removeAway(agent, 0, AWAY));
            case 4, 5 -> player.client.call.ready = random.nextBoolean();
            case 6, 7, 8 -> player.widen(random.nextInt(20));
            case 9, 10 -> player.answer(random);
            case 11 -> doors.loop.advance(java.time.Duration.ofMillis(random.nextInt(500)));
            default -> player.send(random);
        }
    }

    /** An agent that comes back with its session while that lasts. */
    private static final class Player {
        private final Doors doors;
        private final String name;
        private AgentClient client;
        private Welcome welcome = Welcome.getDefaultInstance();
        private long sequence;
        private long windowMessages;
        private boolean attached;

        Player(Doors doors, String name) {
            this.doors = doors;
            this.name = name;
            this.client = doors.connect();
            attach();
        }

        void attach() {
            if (attached) {
                return;
            }
            client = doors.connect();
            client.say(AttachRequest.newBuilder()
                    .setHello(Doors.hello(name)
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
                        .setWindow(
                                Window.newBuilder().setMessages(windowMessages).setBytes(1 << 30))
                        .build());
            }
        }

        void answer(Random random) {
            if (attached) {
                var level =
                        random.nextInt(4) == 0 ? ReceiptLevel.RECEIPT_LEVEL_REFUSED : ReceiptLevel.RECEIPT_LEVEL_DONE;
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
            Address to = Address.newBuilder()
                    .setAgent("agent-" + random.nextInt(AGENTS))
                    .build();
            int priority = 1 + random.nextInt(4);
            boolean atLeastOnce = random.nextInt(4) == 0;
            for (int i = random.nextInt(MAX_ENVELOPES); i >= 0; i--) {
                frame.addEnvelopes(envelope(to, priority, atLeastOnce, random));
            }
            client.say(frame.build());
            attached = client.call.isOpen();
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
}
