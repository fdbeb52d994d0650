package io.dray.bench.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.Message;
import io.dray.core.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A queue group whose members are on several nodes gets each message once. */
interface QueueGroupContract extends OnMesh {
    int MESSAGES = 300;

    @Test
    default void aQueueGroupAcrossNodesGetsEachMessageOnce() {
        String topic = mesh().name("jobs");
        Map<String, ConcurrentLinkedQueue<String>> heard = new ConcurrentHashMap<>();
        for (String node : List.of("a", "b", "c")) {
            mesh().connect(
                            node,
                            AgentSpec.named(mesh().name("plain"))
                                    .subscribe(topic, (message, _) -> record(heard, "plain-" + node, message)));
        }
        for (String node : List.of("b", "c", "c")) {
            mesh().connect(
                            node,
                            AgentSpec.named(mesh().name("member"))
                                    .subscribe(topic, "workers", (message, _) -> record(heard, "workers", message)));
        }
        Mesh publisher = mesh().connect("a", AgentSpec.named(mesh().name("publisher")));
        awaitInterest(publisher, topic, heard);

        IntStream.range(0, MESSAGES)
                .forEach(i -> publisher.publish(topic, Message.content().payload("job-" + i)));
        publisher.publish(topic, Message.content().payload("end"));

        List<String> jobs =
                IntStream.range(0, MESSAGES).mapToObj(i -> "job-" + i).toList();
        for (String hearer : List.of("plain-a", "plain-b", "plain-c", "workers")) {
            Await.until(
                    () -> hearer + " heard " + jobs(heard, hearer).size() + " of " + MESSAGES,
                    MeshFixture.PATIENCE,
                    () -> jobs(heard, hearer).size() >= MESSAGES);
            assertThat(jobs(heard, hearer)).as(hearer).containsExactlyInAnyOrderElementsOf(jobs);
        }
    }

    /** Until one probe was heard by the subscribers of every node, and by one member of the group. */
    private void awaitInterest(Mesh publisher, String topic, Map<String, ConcurrentLinkedQueue<String>> heard) {
        String probe = mesh().name("probe");
        Await.until("interest of all nodes is known", Duration.ofSeconds(30), () -> {
            publisher.publish(topic, Message.content().payload(probe));
            return List.of("plain-a", "plain-b", "plain-c", "workers").stream().allMatch(heard::containsKey);
        });
    }

    private static void record(Map<String, ConcurrentLinkedQueue<String>> heard, String hearer, Message message) {
        heard.computeIfAbsent(hearer, _ -> new ConcurrentLinkedQueue<>()).add(message.text());
    }

    private static List<String> jobs(Map<String, ConcurrentLinkedQueue<String>> heard, String hearer) {
        return heard.getOrDefault(hearer, new ConcurrentLinkedQueue<>()).stream()
                .filter(text -> text.startsWith("job-"))
                .toList();
    }
}
