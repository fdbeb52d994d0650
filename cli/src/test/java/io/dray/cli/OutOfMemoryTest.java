package io.dray.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.testing.Requires;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OutOfMemoryTest {
    @Test
    void aServerWhoseThreadFindsNoMemoryEndsInsteadOfLivingOnWithoutIt() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        Path flags = Requires.repository().resolve("cli/src/main/launcher/jvm.options");
        List<String> command = List.of(
                java, "@" + flags, "-Xmx16m", "-cp", System.getProperty("java.class.path"), Hungry.class.getName());

        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();

        try (var output = process.inputReader(UTF_8)) {
            assertThat(output.lines()).anyMatch(line -> line.contains("java.lang.OutOfMemoryError"));
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(3);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Takes more and more on a thread beside the main one, which waits for ever. */
    static final class Hungry {
        private Hungry() {}

        public static void main(String[] words) throws InterruptedException {
            Thread.ofPlatform().start(() -> {
                byte[] kept = new byte[100_000];
                while (kept.length > 0) {
                    kept = Arrays.copyOf(kept, 2 * kept.length);
                }
            });
            new CountDownLatch(1).await();
        }
    }
}
