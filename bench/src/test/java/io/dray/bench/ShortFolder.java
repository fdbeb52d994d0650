package io.dray.bench;

import io.dray.bench.mesh.LocalMesh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A folder for each test with a path that leaves room for Unix sockets in it: JUnit's own are too long. */
public final class ShortFolder implements BeforeEachCallback, AfterEachCallback {
    private Path path = Path.of("");

    /** Where it is while a test runs. */
    public Path path() {
        return path;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        path = Files.createTempDirectory("d");
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        LocalMesh.deleteFolder(path);
    }
}
