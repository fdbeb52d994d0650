package io.dray.bench.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dray.core.testing.Await;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Answers each line with its length. */
    static final class Lengths {
        private Lengths() {}

        public static void main(String[] args) throws Exception {
            System.out.println("READY {\"argument\":\"" + args[0] + "\"}");
            BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println("{\"length\":" + line.length() + "}");
            }
        }
    }

    /** Knows nothing of its parent and never ends by itself. */
    public static final class Stubborn {
        private Stubborn() {}

        public static void main(String[] args) throws Exception {
            System.out.println("READY {}");
            new CountDownLatch(1).await();
        }
    }

    @Test
    void aChildSaysThatItIsReadyAndAnswersCommands(@TempDir Path folder) throws Exception {
        try (Child child = Jvm.start("lengths", Lengths.class, List.of("x"), folder)) {
            assertThat(child.ready(PATIENCE).get("argument").asString()).isEqualTo("x");
            assertThat(child.ask("four", PATIENCE).get("length").asInt()).isEqualTo(4);
        }
    }

    @Test
    void aTetheredChildEndsWhenItsInputCloses(@TempDir Path folder) throws Exception {
        Child child = Jvm.tethered("stubborn", Stubborn.class.getName(), List.of(), folder);
        child.ready(PATIENCE);

        child.close();

        assertThat(child.isAlive()).isFalse();
    }

    @Test
    void aKilledChildIsSaidToHaveEnded(@TempDir Path folder) throws Exception {
        try (Child child = Jvm.tethered("stubborn", Stubborn.class.getName(), List.of(), folder)) {
            child.ready(PATIENCE);

            child.kill();

            Await.until("it is gone", () -> !child.isAlive());
            assertThatThrownBy(() -> child.ready(PATIENCE)).hasMessageContaining("stubborn (pid");
        }
    }
}
