package io.dray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.cli.output.Console;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class ComposeLogsCommandTest {
    @Test
    void noColoursGoIntoAPipe() {
        PrintStream pipe = new PrintStream(OutputStream.nullOutputStream());

        ComposeLogsCommand logs = new ComposeLogsCommand(new Console(pipe, pipe, InputStream.nullInputStream(), false));

        assertThat(logs.options()).containsExactly("--no-color");
    }
}
