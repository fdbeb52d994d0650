package io.dray.cli.compose;

import io.dray.cli.output.CommandException;
import io.dray.cli.output.ExitCode;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A Docker engine that answers, and the programs that speak to it. Immutable.
 *
 * @param docker Docker's client
 * @param compose the words that start Compose: {@code docker compose} (v2), else {@code docker-compose} (1.29)
 */
public record Engine(String docker, List<String> compose) {
    private static final String INSTALL = "Debian: apt-get install docker.io docker-compose";

    public Engine {
        compose = List.copyOf(compose);
    }

    /**
     * Finds the programs and asks the engine.
     *
     * @param path the folders of programs, as in the variable PATH
     * @throws CommandException UNREACHABLE, with what to install or start
     */
    public static Engine find(String path) {
        String docker = program("docker", path)
                .orElseThrow(
                        () -> missing("docker is not on the PATH (expected: Docker's client, an engine and Compose; "
                                + INSTALL + ")"));
        Run.Ended version = Run.quietly(List.of(docker, "version", "--format", "{{.Server.Version}}"));
        if (!version.done()) {
            throw missing(
                    "no Docker engine answers: " + version.output().lines().reduce("", (_, last) -> last)
                            + " (expected: an engine that runs and that this user may ask; start it: systemctl start"
                            + " docker, or set DOCKER_HOST)");
        }
        if (Run.quietly(List.of(docker, "compose", "version")).done()) {
            return new Engine(docker, List.of(docker, "compose"));
        }
        return program("docker-compose", path)
                .map(compose -> new Engine(docker, List.of(compose)))
                .orElseThrow(() -> missing(
                        "neither docker compose nor docker-compose is there (expected: one of them; " + INSTALL + ")"));
    }

    private static Optional<String> program(String name, String path) {
        return Stream.of(path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .map(Path::toString)
                .findFirst();
    }

    private static CommandException missing(String line) {
        return new CommandException(ExitCode.UNREACHABLE, line);
    }
}
