package io.dray.bench.clients;

import io.dray.core.testing.Requires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;

/** The Python stubs, which no commit holds: made when they are missing or older than the contract. */
final class PythonStubs {
    private static final Path PLUGIN = Path.of("/usr/bin/grpc_python_plugin");

    private PythonStubs() {}

    /** Returns the Python that can run the example; skips the test when something is not installed. */
    static synchronized Path python() {
        Path python = Requires.python();
        Requires.that("python", Files.isExecutable(PLUGIN), PLUGIN + " is missing; .ci/setup installs it");
        Path folder = Requires.repository().resolve("examples/python");
        if (isStale(folder.resolve("stubs"))) {
            try (Program generate = Program.start(List.of("./generate"), folder, "")) {
                generate.awaitExit(0);
            }
        }
        return python;
    }

    private static boolean isStale(Path stubs) {
        if (!Files.isDirectory(stubs)) {
            return true;
        }
        try (Stream<Path> files = Files.walk(Requires.repository().resolve("proto/dray"))) {
            FileTime made = Files.getLastModifiedTime(stubs);
            return files.anyMatch(file -> modified(file).compareTo(made) > 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
