package io.dray.bench.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.MeshException;
import io.dray.agent.Message;
import io.dray.agent.OnFull;
import io.dray.core.testing.Await;
import io.dray.types.v1.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever was queued, sent, refused or cut off by a leaving agent: at rest no byte is counted any more. */
interface ByteAccountingContract extends OnMesh {
    int AGENTS = 6;
    int STEPS = 1_500;
    int MAX_BYTES = 20_000;
    List<String> METERS = List.of("dray_memory_used_bytes", "dray_mailbox_queued_bytes", "dray_link_queued_bytes");

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 20_261_121})
    default void noByteIsCountedAtRest(long seed) {
        Random random = new Random(seed);
        // Two of three agents handle messages only as fast as the schedule goes on, so that mailboxes fill.
        Semaphore turns = new Semaphore(0);
        List<String> names = new ArrayList<>();
        List<Mesh> agents = new ArrayList<>();
        for (int i = 0; i < AGENTS; i++) {
            names.add(mesh().name("random"));
            agents.add(attach(names.get(i), i, random.nextInt(3) == 0 ? null : turns));
        }
        for (int i = 0; i < AGENTS; i++) {
            mesh().requestUntilKnown(agents.getFirst(), Message.to(names.get(i)).type("ping"));
        }

        for (int step = 0; step < STEPS; step++) {
            int actor = random.nextInt(AGENTS);
            if (random.nextInt(200) == 0) {
                agents.get(actor).close();
                agents.set(actor, attach(names.get(actor), actor, random.nextInt(3) == 0 ? null : turns));
            } else {
                send(agents.get(actor), names.get(random.nextInt(AGENTS)), random);
            }
            if (step % 2 == 0) {
                turns.release();
            }
        }

        turns.release(STEPS);
        agents.forEach(Mesh::close);
        for (String node : List.of("a", "b")) {
            for (String meter : METERS) {
                Await.until(
                        () -> meter + " of " + node + " is " + mesh().meter(node, meter) + " (expected: 0; seed " + seed
                                + ")",
                        Duration.ofSeconds(20),
                        () -> mesh().meter(node, meter) == 0);
            }
            assertThat(mesh().status(node).getMetersMap().keySet())
                    .as("the meters exist")
                    .anyMatch(key -> key.startsWith(METERS.getFirst()));
        }
    }

    private Mesh attach(String name, int index, @Nullable Semaphore turns) {
        AgentSpec spec = AgentSpec.named(name).onRequest("ping", _ -> "pong").onMessage((_, _) -> {
            if (turns != null) {
                turns.acquire();
            }
        });
        String node = index % 2 == 0 ? "a" : "b";
        return mesh().connect(
                        spec,
                        mesh().config(node)
                                .withOnFull(OnFull.FAIL)
                                .withConcurrency(4)
                                .withCloseTimeout(Duration.ZERO));
    }

    private static void send(Mesh from, String name, Random random) {
        try {
            var _ = from.send(Message.to(name)
                    .priority(Priority.forNumber(1 + random.nextInt(4)))
                    .payload(new byte[random.nextInt(MAX_BYTES)]));
        } catch (MeshException _) {
            // A full mailbox or a closed agent is part of the schedule.
        }
    }
}
