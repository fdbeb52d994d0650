package io.dray.bench.report;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The folder of Dray's sources that this bench was started from. */
public final class SourceTree {
    private static final String HOME = "dray.home";
    private static final String MARK = "bench/pom.xml";

    private SourceTree() {}

    /**
     * Returns the folder.
     *
     * @return the first folder above the launcher's home, else above the working directory, that holds the bench; the
     *     working directory when there is none
     */
    public static Path root() {
        Path here = Path.of("").toAbsolutePath();
        Path home = Path.of(System.getProperty(HOME, here.toString())).toAbsolutePath();
        Path root = above(home);
        return root == null ? here : root;
    }

    private static @Nullable Path above(Path start) {
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve(MARK))) {
                return folder;
            }
        }
        return null;
    }
}
