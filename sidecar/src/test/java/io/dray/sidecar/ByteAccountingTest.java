package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.sidecar.local.LocalAgent;
import io.dray.sidecar.queue.Refusals;
import io.dray.types.v1.Error;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever agents send, stall, lose and take up again, large payloads and unknown names among it: what the senders hold
 * and large payloads may take is what the memory budget has given out, at each step, and all is 0 when nothing waits.
 */
class ByteAccountingTest {
    private static final int AGENTS = 4;
    private static final List<String> NAMES = List.of("agent-0", "agent-1", "agent-2", "agent-3");
    private static final int STEPS = 1_500;
    private static final Duration LOOK_UPS = Duration.ofSeconds(4);
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
        try (Doors doors = Doors.searching(folder)) {
            for (int i = 0; i < AGENTS; i++) {
                players.add(new Player(doors, NAMES.get(i), NAMES));
            }
            long mostUsed = 0;
            long mostLarge = 0;
            for (int step = 0; step < STEPS; step++) {
                act(doors, players.get(random.nextInt(AGENTS)), random);
                everAttached.addAll(doors.agents.all());
                mostUsed = Math.max(mostUsed, doors.budget.used());
                mostLarge = Math.max(mostLarge, doors.blobs.reservedBytes());
                assertThat(held() + doors.blobs.reservedBytes())
                        .as("seed %s step %s", seed, step)
                        .isEqualTo(doors.budget.used());
            }
            assertThat(mostUsed).as("something waited").isGreaterThan(mostLarge);
            assertThat(mostLarge).as("large payloads were under way").isPositive();
            assertThat(players.stream().mapToInt(Player::sentWhole).sum())
                    .as("large payloads were sent whole")
                    .isPositive();

            players.forEach(Player::leave);
            doors.agents.all().forEach(agent -> doors.agents.removeAway(agent, 0, AWAY));
            doors.loop.advance(LOOK_UPS);

            assertThat(doors.agents.all()).isEmpty();
            assertThat(doors.blobs.size()).as("seed %s", seed).isZero();
            assertThat(doors.blobs.reservedBytes()).as("seed %s", seed).isZero();
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
            case 0 -> doors.agents.all().forEach(agent -> doors.agents.removeAway(agent, 0, AWAY));
            case 1 -> {
                doors.loop.advance(Duration.ofMillis(random.nextInt(1_000)));
                doors.blobs.sweep(doors.context.nowMicros());
                doors.loop.runReady();
            }
            default -> player.act(random);
        }
    }
}
