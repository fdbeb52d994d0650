package io.dray.bench.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.MeshException;
import io.dray.agent.Message;
import io.dray.core.testing.Await;
import io.dray.types.v1.Code;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each kind of address, on the sender's node and on another one. */
interface AddressContract extends OnMesh {
    int STEADY_REQUESTS = 2_000;

    @ParameterizedTest
    @CsvSource({"agent, a", "agent, b", "instance, a", "instance, b", "capability, a", "capability, b"})
    default void aRequestReachesItsAddress(String kind, String node) {
        String name = mesh().name(kind);
        AgentSpec spec = AgentSpec.named(name).capability(name + "-skill");
        Mesh answering = mesh().connect(node, spec.onRequest(message -> node + " heard " + message.text()));
        Mesh asking = mesh().connect("a", AgentSpec.named(name + "-asker"));
        String address = switch (kind) {
            case "agent" -> "agent:" + name;
            case "instance" -> "instance:" + answering.instance();
            default -> "capability:" + name + "-skill";
        };

        Message reply = mesh().requestUntilKnown(asking, Message.to(address).payload("hello"));

        assertThat(reply.text()).isEqualTo(node + " heard hello");
        assertThat(reply.from()).isEqualTo(answering.instance());
    }

    @ParameterizedTest
    @CsvSource({"a, orders.*.created", "b, orders.>"})
    default void aTopicReachesItsSubscribers(String node, String pattern) {
        String token = mesh().name("t");
        List<String> heard = new CopyOnWriteArrayList<>();
        AgentSpec spec = AgentSpec.named(mesh().name("subscriber"));
        mesh().connect(node, spec.subscribe(token + "." + pattern, (message, _) -> heard.add(message.topic())));
        Mesh publisher = mesh().connect("a", AgentSpec.named(mesh().name("publisher")));
        String topic = token + ".orders.eu.created";

        Await.until("the topic is heard", Duration.ofSeconds(30), () -> {
            var _ = publisher.publish(topic, new byte[1]);
            return !heard.isEmpty();
        });

        assertThat(heard).containsOnly(topic);
    }

    @Test
    default void noRouterIsAskedForAnAddressThatIsInUse() {
        String name = mesh().name("remote");
        mesh().connect("b", AgentSpec.named(name).onRequest(_ -> "pong"));
        Mesh asking = mesh().connect("a", AgentSpec.named(mesh().name("asker")));
        mesh().requestUntilKnown(asking, Message.to(name));
        double queriesBefore = mesh().routerMeter("dray_directory_queries_total");
        double missesBefore = mesh().meter("a", "dray_address_cache_misses_total");
        double hitsBefore = mesh().meter("a", "dray_address_cache_hits_total");

        Stream.generate(() -> asking.request(Message.to(name), Duration.ofSeconds(30)))
                .limit(STEADY_REQUESTS)
                .toList()
                .forEach(CompletableFuture::join);

        assertThat(queriesBefore).as("queries that made the name known").isPositive();
        assertThat(mesh().routerMeter("dray_directory_queries_total") - queriesBefore)
                .as("router calls for %s requests and their replies", STEADY_REQUESTS)
                .isZero();
        assertThat(mesh().meter("a", "dray_address_cache_misses_total")).isEqualTo(missesBefore);
        assertThat(mesh().meter("a", "dray_address_cache_hits_total") - hitsBefore)
                .isGreaterThanOrEqualTo(STEADY_REQUESTS);
    }

    @Test
    default void nobodyIsSaidToBeNobody() {
        Mesh asking = mesh().connect("a", AgentSpec.named(mesh().name("asker")));

        Assertions.assertThatThrownBy(() -> asking.requestBlocking(
                        Message.to("agent:" + mesh().name("nobody")).payload("x"), Duration.ofSeconds(10)))
                .isInstanceOfSatisfying(
                        MeshException.class,
                        failure -> assertThat(failure.code()).isEqualTo(Code.CODE_NO_SUCH_DESTINATION));
    }
}
