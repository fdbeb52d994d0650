package io.dray.bench.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.testing.Await;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerProgramTest {
    @TempDir
    Path folder;

    @Test
    void endsWithItsShell() throws Exception {
        ServerProgram program = start();

        program.child().close();

        Await.until("the program has ended", () -> !isAlive(program));
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP"})
    void isNotLeftBehindByAShellThatWasSignalled(String signal) throws Exception {
        ServerProgram program = start();

        program.child().signal(signal);
        program.child().close();

        Await.until("the program has ended", () -> !isAlive(program));
    }

    private ServerProgram start() throws Exception {
        ServerProgram program = ServerProgram.start("program", List.of("sleep", "60"), Map.of(), folder);
        assertThat(isAlive(program)).isTrue();
        return program;
    }

    private static boolean isAlive(ServerProgram program) {
        return ProcessHandle.of(program.pid()).filter(ProcessHandle::isAlive).isPresent();
    }
}
