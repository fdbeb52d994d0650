package io.dray.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dray.cli.output.CommandException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ChildTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** 128 and the number of SIGTERM: neither 0, as when the pipe closes, nor 129, as by SIGHUP. */
    private static final int TERMINATED = 143;

    @TempDir
    private Path folder;

    @Test
    void aChildEndsWhenThePipeOfItsParentCloses() throws IOException, InterruptedException {
        Child child = start();
        assertThat(child.awaitReady().text("role")).isEqualTo("played");

        child.process().getOutputStream().close();

        assertThat(child.process().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void aChildThatWasLetGoOutlivesPipeAndTerminalUntilItIsToldToStop() throws IOException, InterruptedException {
        Child child = start();
        child.awaitReady();

        child.detach();
        child.process().getOutputStream().close();
        assertThat(hangUp(child)).isZero();
        child.stop();
        child.awaitEnd(PATIENCE);

        assertThat(child.process().exitValue()).isEqualTo(TERMINATED);
    }

    @Test
    void aChildThatIsGoneCannotBeLetGo() {
        Child child = start();
        child.awaitReady();
        child.process().destroyForcibly().onExit().join();

        assertThatThrownBy(child::detach).isInstanceOf(IOException.class);
    }

    @Test
    void aChildThatFailsIsToldWithItsLastWordsAndWhereTheRestIs() {
        Child child = start("fail");

        assertThatThrownBy(child::awaitReady)
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("played ended with exit code 1 before it served")
                .hasMessageContaining("port 7400 is taken")
                .hasMessageContaining(folder.resolve("played.log").toString());
    }

    /** What a terminal that closes does. */
    private static int hangUp(Child child) throws IOException, InterruptedException {
        String pid = Long.toString(child.process().pid());
        return new ProcessBuilder("kill", "-HUP", pid).start().waitFor();
    }

    private Child start(String... words) {
        Child.Plan plan = new Child.Plan("played", PlayedServer.class.getName(), List.of(words), Map.of(), folder);
        return Child.start(JavaCommand.ofThisProcess(), plan);
    }
}
