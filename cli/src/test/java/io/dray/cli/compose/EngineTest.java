package io.dray.cli.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dray.cli.output.CommandException;
import io.dray.cli.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of Docker are small scripts here. */
class EngineTest {
    private static final String ANSWERS = "echo 20.10.24";

    @TempDir
    private Path folder;

    @Test
    void saysWhatToInstallWhereDockerIsMissing() {
        refuses("docker is not on the PATH");
    }

    @Test
    void saysWhatToStartWhereNoEngineAnswers() throws Exception {
        program("docker", "echo 'Client: 20.10'; echo 'Cannot connect to the Docker daemon.' >&2; exit 1");

        refuses("no Docker engine answers: Cannot connect to the Docker daemon. (expected: an engine that runs");
    }

    @Test
    void saysWhatToInstallWhereComposeIsMissing() throws Exception {
        program("docker", "[ \"$1\" = version ]");

        refuses("neither docker compose nor docker-compose is there");
    }

    @Test
    void takesDockerComposeWhereTheClientHasNone() throws Exception {
        String docker = program("docker", "[ \"$1\" = version ]");
        String compose = program("docker-compose", "exit 1");

        assertThat(Engine.find(folder.toString())).isEqualTo(new Engine(docker, List.of(compose)));
    }

    @Test
    void prefersTheComposeOfTheClient() throws Exception {
        String docker = program("docker", ANSWERS);
        program("docker-compose", ANSWERS);

        assertThat(Engine.find("/nowhere:" + folder)).isEqualTo(new Engine(docker, List.of(docker, "compose")));
    }

    private void refuses(String line) {
        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(() -> Engine.find(folder.toString()))
                .withMessageStartingWith(line)
                .extracting(CommandException::code)
                .isEqualTo(ExitCode.UNREACHABLE);
    }

    private String program(String name, String script) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file.toString();
    }
}
