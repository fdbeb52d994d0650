package io.dray.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReloadSignalTest {
    @Test
    void sighupRunsItInsteadOfEndingTheProcess() throws Exception {
        CountDownLatch reloaded = new CountDownLatch(1);
        ReloadSignal.install(reloaded::countDown);

        String self = Long.toString(ProcessHandle.current().pid());
        int exitCode = new ProcessBuilder("kill", "-HUP", self).start().waitFor();

        assertThat(exitCode).isZero();
        assertThat(reloaded.await(10, TimeUnit.SECONDS)).isTrue();
    }
}
