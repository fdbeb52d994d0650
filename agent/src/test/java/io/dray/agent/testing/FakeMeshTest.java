package io.dray.agent.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dray.agent.AgentSpec;
import io.dray.agent.MeshException;
import io.dray.agent.Message;
import io.dray.agent.TaskRequest;
import io.dray.types.v1.Code;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class FakeMeshTest {
    private final FakeMesh fake = new FakeMesh();
    private final List<String> seen = new ArrayList<>();

    @Test
    void answersRequestsAtOnce() {
        fake.attach(AgentSpec.named("greeter").onRequest("greet", message -> "hello " + message.text()));
        var mesh = fake.attach("visitor");

        var reply = mesh.requestBlocking(Message.to("greeter").type("greet").payload("Ada"), Duration.ofSeconds(1));

        assertThat(reply.text()).isEqualTo("hello Ada");
        assertThat(reply.from()).isEqualTo("greeter/1@fake");
    }

    @Test
    void failsWithTheCodesOfTheRealMesh() {
        fake.attach(AgentSpec.named("broken").onRequest(_ -> {
            throw new IllegalStateException("boo");
        }));
        var mesh = fake.attach("visitor");

        assertThat(codeOf(() -> mesh.requestBlocking(Message.to("broken"), Duration.ofSeconds(1))))
                .isEqualTo(Code.CODE_HANDLER_FAILED);
        assertThat(codeOf(() -> mesh.requestBlocking(Message.to("nobody"), Duration.ofSeconds(1))))
                .isEqualTo(Code.CODE_NO_SUCH_DESTINATION);
        mesh.close();
        assertThat(codeOf(() -> mesh.send(Message.to("broken")))).isEqualTo(Code.CODE_DRAINING);
    }

    @Test
    void expiresARequestWhenTimeIsMovedOn() {
        fake.attach(AgentSpec.named("silent").onMessage((_, _) -> {}));
        var reply = fake.attach("visitor").request(Message.to("silent"), Duration.ofSeconds(5));

        fake.advance(Duration.ofSeconds(4));
        assertThat(reply).isNotDone();
        fake.advance(Duration.ofSeconds(1));

        assertThatThrownBy(reply::join).hasMessageContaining("EXPIRED");
    }

    @Test
    void sharesATopicWithinAQueueGroup() {
        for (int i = 0; i < 2; i++) {
            int number = i;
            fake.attach(AgentSpec.named("a" + i)
                    .subscribe("news.*", (_, _) -> seen.add("plain" + number))
                    .subscribe("news.>", "group", (_, _) -> seen.add("group" + number)));
        }
        var mesh = fake.attach("publisher");

        mesh.publish("news.x", new byte[0]);
        mesh.publish("news.x", new byte[0]);

        assertThat(seen).containsExactlyInAnyOrder("plain0", "plain1", "group0", "plain0", "plain1", "group1");
    }

    @Test
    void losesWhatTheTestWantsLost() {
        fake.attach(AgentSpec.named("b").onMessage((message, _) -> seen.add(message.type())));
        var mesh = fake.attach("a");
        fake.lose(message -> message.type().equals("lost"));

        var lost = mesh.send(Message.to("b").type("lost"));
        mesh.send(Message.to("b").type("kept"));

        assertThat(seen).containsExactly("kept");
        assertThatThrownBy(() -> lost.done().join()).hasMessageContaining("NODE_LOST");
    }

    @Test
    void runsTasksWithTheirProgressAndKeys() {
        fake.attach(AgentSpec.named("worker").capability("upper").onTask((task, context) -> {
            context.progress(50, "half");
            return task.text().toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
        }));
        var mesh = fake.attach("submitter");
        var request = TaskRequest.forCapability("upper").payload("abc").idempotencyKey("k");

        var handle = mesh.submit(request);
        handle.watch(status -> seen.add(status.state() + " " + status.percent()));

        assertThat(new String(handle.result().join().resultOrThrow(), StandardCharsets.UTF_8))
                .isEqualTo("ABC");
        assertThat(seen).containsExactly("TASK_STATE_SUCCEEDED 50");
        assertThat(mesh.submit(request).existed()).isTrue();
    }

    @Test
    void cancelsATaskThatWaitsForAWorker() {
        var handle = fake.attach("submitter").submit(TaskRequest.forCapability("nobody-has"));

        handle.cancel("enough");

        assertThat(codeOf(() -> handle.result().join().resultOrThrow())).isEqualTo(Code.CODE_CANCELLED);
    }

    private static Code codeOf(Runnable action) {
        try {
            action.run();
            throw new AssertionError("nothing was thrown");
        } catch (MeshException e) {
            return e.code();
        }
    }
}
