package io.dray.bench.mesh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder of one run, for sockets and logs. When this process is told to end (SIGTERM, Ctrl-C) its children are ended
 * and the folder goes; closing it leaves it only to those who asked for its logs. Used by one thread.
 */
public final class RunFolder implements AutoCloseable {
    private static final int ATTEMPTS = 20;
    private static final long RETRY_MILLIS = 50;

    private final Path path;
    private final Thread whenTold;
    private boolean kept;

    private RunFolder(Path path, Runnable last) {
        this.path = path;
        this.whenTold = new Thread(
                () -> {
                    Children.end();
                    deletePatiently(path);
                    last.run();
                },
                "end");
    }

    /**
     * Makes a folder among the temporary ones.
     *
     * @param prefix of its name
     * @param last is run in the end when the process was told to end
     * @return the folder
     * @throws IOException when it cannot be made
     */
    public static RunFolder make(String prefix, Runnable last) throws IOException {
        RunFolder folder = new RunFolder(Files.createTempDirectory(prefix), last);
        Runtime.getRuntime().addShutdownHook(folder.whenTold);
        return folder;
    }

    /**
     * Returns where it is.
     *
     * @return an existing folder
     */
    public Path path() {
        return path;
    }

    /** Leaves the folder when it is closed. */
    public void keep() {
        kept = true;
    }

    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(whenTold);
        } catch (IllegalStateException _) {
            // The process was told to end: the folder is the hook's now, and what follows here would be of no use.
            Children.waitForTheEnd();
        }
        if (!kept) {
            LocalMesh.deleteFolder(path);
        }
    }

    /** Children that are just ending, and their last threads here, may still write. */
    private static void deletePatiently(Path path) {
        for (int i = 0; i < ATTEMPTS && Files.exists(path); i++) {
            try {
                LocalMesh.deleteFolder(path);
            } catch (IOException _) {
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
