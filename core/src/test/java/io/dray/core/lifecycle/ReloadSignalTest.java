package io.dray.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReloadSignalTest {
    @Test
    void sighupRunsItInsteadOfEndingTheProcess() throws Exception {
        CountDownLatch reloaded = new CountDownLatch(1);
        assertThat(ReloadSignal.install(reloaded::countDown)).isEqualTo(!isIgnored());

        String self = Long.toString(ProcessHandle.current().pid());
        int exitCode = new ProcessBuilder("kill", "-HUP", self).start().waitFor();

        assertThat(exitCode).isZero();
        assertThat(isIgnored() || reloaded.await(10, TimeUnit.SECONDS)).isTrue();
    }

    /** Whether this JVM was started by something like nohup, as Linux tells it: bit 0 is SIGHUP. */
    private static boolean isIgnored() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .mapToLong(line -> Long.parseUnsignedLong(line.substring(line.indexOf('\t') + 1), 16))
                .anyMatch(mask -> (mask & 1) != 0);
    }
}
