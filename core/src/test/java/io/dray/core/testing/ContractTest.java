package io.dray.core.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract passes {@code proto/check-contract}; what breaks it is seen. */
class ContractTest {
    private static final String WELL_FORMED = """
            syntax = "proto3";
            package dray.planted.v1;
            // A message.
            message Planted {
              // A name.
              string name = 1;
            }
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path planted;

    private final Path script = Requires.repository().resolve("proto/check-contract");
    private Path buf = script;

    @BeforeEach
    void findBuf() {
        buf = Requires.buf();
    }

    @Test
    void contractIsCleanAndBreaksNothing() throws Exception {
        Outcome outcome = check(script.resolveSibling("."));

        assertThat(outcome.output()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
    }

    @Test
    void cleanFilesPass() throws Exception {
        write(WELL_FORMED);

        assertThat(check(planted)).isEqualTo(new Outcome(0, ""));
    }

    @Test
    void lintViolationIsSeen() throws Exception {
        write(WELL_FORMED.replace("string name", "string NamE"));

        Outcome outcome = check(planted);

        assertThat(outcome.exitCode()).isNotZero();
        assertThat(outcome.output()).contains("Field name \"NamE\" should be lower_snake_case");
    }

    @Test
    void breakingChangeAgainstTheImageIsSeen() throws Exception {
        write(WELL_FORMED);
        assertThat(check(planted, "--write")).isEqualTo(new Outcome(0, ""));
        write(WELL_FORMED.replace("string name = 1", "string name = 2"));

        Outcome outcome = check(planted);

        assertThat(outcome.exitCode()).isNotZero();
        assertThat(outcome.output()).contains("field \"1\" with name \"name\" on message \"Planted\" was deleted");
    }

    @Test
    void newFieldPassesAgainstTheImage() throws Exception {
        write(WELL_FORMED);
        check(planted, "--write");
        write(WELL_FORMED.replace("string name = 1;", "string name = 1;\n  // An age in years.\n  uint32 age = 2;"));

        assertThat(check(planted)).isEqualTo(new Outcome(0, ""));
    }

    private void write(String proto) throws IOException {
        Path folder = Files.createDirectories(planted.resolve("dray/planted/v1"));
        Files.writeString(folder.resolve("planted.proto"), proto);
        Files.copy(script.resolveSibling("buf.yaml"), planted.resolve("buf.yaml"), StandardCopyOption.REPLACE_EXISTING);
    }

    private Outcome check(Path folder, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        Stream.of(arguments).forEach(command::add);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("BUF", buf.toString());
        builder.environment().put("DRAY_PROTO", folder.toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Outcome(process.waitFor(), output);
    }

    private record Outcome(int exitCode, String output) {}
}
