package io.dray.bench.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.Message;
import io.dray.core.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Agents of the same host and user share memory with their sidecar for large frames. */
interface RingContract extends OnMesh {
    int MESSAGES = 20_000;

    @Test
    default void aFloodGoesThroughSharedMemoryBothWaysInOrderAndLeavesNoFile() throws IOException {
        String name = mesh().name("flooded");
        List<Integer> handled = Collections.synchronizedList(new ArrayList<>());
        Mesh receiver = mesh().connect(
                        "a",
                        AgentSpec.named(name)
                                .inlineHandlers()
                                .onMessage((message, _) -> handled.add(
                                        Integer.parseInt(message.text().strip()))));
        Mesh sender = mesh().connect("a", AgentSpec.named(mesh().name("flooding")));
        double before = mesh().meter("a", "dray_ring_frames_total");

        for (int i = 0; i < MESSAGES; i++) {
            var _ = sender.send(Message.to(name).type("t").payload(ByteString.copyFromUtf8("%-1000d".formatted(i))));
        }

        Await.until(
                () -> MESSAGES + " messages, got " + handled.size(),
                Duration.ofSeconds(30),
                () -> handled.size() == MESSAGES);
        assertThat(handled).isEqualTo(IntStream.range(0, MESSAGES).boxed().toList());
        // 20 MB in frames of at most 120 KiB, but for the first megabyte of each way.
        assertThat(mesh().meter("a", "dray_ring_frames_total") - before).isGreaterThan(200);
        assertThat(mesh().meter("a", "dray_ring_bytes")).isGreaterThanOrEqualTo(2 << 20);
        receiver.close();
        sender.close();
        Await.until("the memory is given back", () -> mesh().meter("a", "dray_ring_bytes") == 0);
        assertThat(files()).isEmpty();
    }

    private List<Path> files() {
        String own = "dray-ring-" + mesh().processes().sidecar("a").pid() + "-";
        try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
            return files.filter(file -> file.getFileName().toString().startsWith(own))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
