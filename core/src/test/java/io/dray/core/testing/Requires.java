package io.dray.core.testing;

import static java.util.Objects.requireNonNull;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs from the machine. What is absent skips the test with the reason, or fails it when its
 * requirement stands in the environment's {@code DRAY_REQUIRE} (for example {@code python,node,buf}).
 */
public final class Requires {
    private static final String HINT = "; .ci/setup installs it";

    private Requires() {}

    /**
     * Goes on only when something is present.
     *
     * @param requirement the word that {@code DRAY_REQUIRE} uses for it
     * @param reason what is missing, said when it is
     */
    public static void that(String requirement, boolean present, String reason) {
        that(requirement, present, reason, System.getenv("DRAY_REQUIRE"));
    }

    /** Returns a program on the PATH. */
    public static Path tool(String requirement, String program) {
        Optional<Path> found = onPath(program);
        that(requirement, found.isPresent(), program + " is not on the PATH" + HINT);
        return found.orElseThrow();
    }

    /** Returns the system's Python, which can import grpc and protobuf. */
    public static Path python() {
        Path python = Path.of("/usr/bin/python3");
        that("python", Files.isExecutable(python), python + " is missing" + HINT);
        boolean imports = succeeds(python.toString(), "-c", "import grpc, google.protobuf");
        that("python", imports, python + " cannot import grpc and google.protobuf" + HINT);
        return python;
    }

    /** Returns Node; its gRPC packages are installed in {@code examples/node}. */
    public static Path node() {
        Path node = tool("node", "node");
        Path packages = repository().resolve("examples/node/node_modules/@grpc/proto-loader");
        that("node", Files.isDirectory(packages), packages + " is missing" + HINT);
        return node;
    }

    /** Returns the buf program that {@code .ci/package.json} names, else the one on the PATH. */
    public static Path buf() {
        Path installed = repository().resolve(".ci/node_modules/.bin/buf");
        return Files.isExecutable(installed) ? installed : tool("buf", "buf");
    }

    /** Returns the repository's root folder. */
    public static Path repository() {
        return Path.of(requireNonNull(System.getProperty("dray.root"), "system property dray.root (set by the build)"));
    }

    static void that(String requirement, boolean present, String reason, @Nullable String required) {
        if (present) {
            return;
        }
        List<String> words =
                required == null ? List.of() : Arrays.asList(required.strip().split("\\s*,\\s*"));
        if (words.contains(requirement)) {
            Assertions.fail(reason + " (DRAY_REQUIRE names " + requirement + ")");
        }
        Assumptions.abort(reason);
    }

    private static Optional<Path> onPath(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Arrays.stream(path.split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static boolean succeeds(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
