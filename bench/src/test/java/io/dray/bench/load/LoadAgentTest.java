package io.dray.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.bench.mesh.Child;
import io.dray.bench.mesh.Jvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.ObjectMapper;

class LoadAgentTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final double LONG = 60;

    private final ObjectMapper json = new ObjectMapper();

    @Test
    void endsInTheMiddleOfAStretchWhenItsInputCloses(@TempDir Path folder) throws Exception {
        try (Child sink = start("sink", new Side("grpc", "127.0.0.1:0", true, 1, false), folder)) {
            String where = sink.ready(PATIENCE).get("where").asString();
            Child source = start("source", new Side("grpc", where, false, 1, false), folder);
            source.ready(PATIENCE);

            source.tell(json.writeValueAsString(Work.closed(100, 1).lasting(LONG)));
            source.close();

            // One that had to be killed has another code.
            assertThat(source.exitCode(PATIENCE)).isZero();
        }
    }

    private Child start(String name, Side side, Path folder) throws Exception {
        return Jvm.start(name, LoadAgent.class, List.of(json.writeValueAsString(side)), folder);
    }
}
