package io.dray.bench.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.Message;
import io.dray.agent.Receipt;
import io.dray.core.testing.Await;
import io.dray.types.v1.DeliveryClass;
import io.dray.types.v1.ReceiptLevel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes that die by SIGKILL and come back. */
interface LossContract extends OnMesh {
    @ParameterizedTest(name = "with its store emptied: {0}")
    @ValueSource(booleans = {false, true})
    default void localAndCachedTrafficGoesOnWithoutARouter(boolean emptied) throws Exception {
        String local = answering("a");
        String cached = answering("b");
        Mesh asking = mesh().connect("a", AgentSpec.named(mesh().name("asker")));
        mesh().requestUntilKnown(asking, Message.to(local));
        mesh().requestUntilKnown(asking, Message.to(cached));

        mesh().processes().router().kill();
        Await.until(
                "the sidecar sees that the router is gone",
                () -> !mesh().status("a").getRouterConnected());

        for (int i = 0; i < 20; i++) {
            assertThat(asking.requestBlocking(Message.to(local), Duration.ofSeconds(5))
                            .text())
                    .isEqualTo("a");
            assertThat(asking.requestBlocking(Message.to(cached), Duration.ofSeconds(5))
                            .text())
                    .isEqualTo("b");
        }
        String late = answering("b");
        if (emptied) {
            mesh().processes().forgetRouterStore();
        }
        mesh().processes().startRouter();
        assertThat(mesh().requestUntilKnown(asking, Message.to(late)).text()).isEqualTo("b");
        assertThat(asking.requestBlocking(Message.to(cached), Duration.ofSeconds(5))
                        .text())
                .isEqualTo("b");
    }

    @Test
    default void agentsOfADeadSidecarComeBackWithIt() throws Exception {
        String name = answering("b");
        Mesh asking = mesh().connect("a", AgentSpec.named(mesh().name("asker")));
        mesh().requestUntilKnown(asking, Message.to(name));

        mesh().processes().sidecar("b").kill();
        CompletableFuture<Receipt> held = asking.send(Message.to(name)
                        .deliveryClass(DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE)
                        .deadline(Duration.ofSeconds(60)))
                .done();
        mesh().processes().startSidecar("b");

        assertThat(held.get(40, TimeUnit.SECONDS).level()).isEqualTo(ReceiptLevel.RECEIPT_LEVEL_DONE);
        assertThat(mesh().requestUntilKnown(asking, Message.to(name)).text()).isEqualTo("b");
    }

    @Test
    default void aSenderOutlivesItsSidecar() throws Exception {
        String name = answering("b");
        Mesh asking = mesh().connect("a", AgentSpec.named(mesh().name("asker")));
        mesh().requestUntilKnown(asking, Message.to(name));

        mesh().processes().sidecar("a").kill();
        CompletableFuture<Receipt> held = asking.send(Message.to(name)
                        .deliveryClass(DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE)
                        .deadline(Duration.ofSeconds(60)))
                .done();
        mesh().processes().startSidecar("a");

        assertThat(held.get(40, TimeUnit.SECONDS).level()).isEqualTo(ReceiptLevel.RECEIPT_LEVEL_DONE);
        assertThat(mesh().requestUntilKnown(asking, Message.to(name)).text()).isEqualTo("b");
    }

    private String answering(String node) {
        String name = mesh().name("answering");
        mesh().connect(node, AgentSpec.named(name).onRequest(_ -> node));
        return name;
    }
}
