package io.dray.bench.report;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file that somebody wants something written to: tried before the work is done, then written as a whole. Stateless.
 *
 * @param option that named it, such as {@code --json}
 * @param path of the file
 */
public record OutputFile(String option, Path path) {

    /**
     * Tries to open the file for writing, and leaves what it holds. A folder that is missing is made only when the file
     * is written: it may have been mistyped.
     *
     * @return one line that says why it cannot be written; empty when it can
     */
    public Optional<String> problem() {
        if (Files.isDirectory(path)) {
            return Optional.of(line("is a folder"));
        }
        Path there = nearestThere();
        boolean wasThere = Files.exists(path);
        try {
            makeFolder();
            Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
            if (!wasThere) {
                Files.delete(path);
                deleteFolders(there);
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(line("cannot be written: " + reason(e)));
        }
    }

    /**
     * Writes the file in one step, over what it held before: whoever reads it meanwhile sees the one or the other.
     *
     * @param text all of it
     * @throws IOException when it cannot be written
     */
    public void write(String text) throws IOException {
        makeFolder();
        Path target = Files.exists(path) ? path.toRealPath() : path;
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            // A pipe or a device cannot be replaced.
            Files.writeString(target, text);
            return;
        }
        Path whole = target.resolveSibling(target.getFileName() + ".part");
        try {
            Files.writeString(whole, text);
            Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException _) {
            // A folder in which nothing may be made can hold a file that may be changed.
            Files.deleteIfExists(whole);
            Files.writeString(target, text);
        }
    }

    private @Nullable Path folder() {
        return path.toAbsolutePath().getParent();
    }

    /** Its folder, or what there is of the way to it. */
    private @Nullable Path nearestThere() {
        Path there = folder();
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        return there;
    }

    /** Deletes the folders that were made below one. */
    private void deleteFolders(@Nullable Path above) throws IOException {
        for (Path made = folder(); made != null && !made.equals(above); made = made.getParent()) {
            Files.delete(made);
        }
    }

    private void makeFolder() throws IOException {
        Path folder = folder();
        if (folder != null && !Files.isDirectory(folder)) {
            Files.createDirectories(folder);
        }
    }

    private String line(String problem) {
        return option + ": " + path + " " + problem + " (expected: a file that may be written; name another one)";
    }

    private static String reason(IOException failure) {
        @Nullable String said = failure instanceof FileSystemException of ? of.getReason() : failure.getMessage();
        return failure.getClass().getSimpleName().replace("Exception", "") + (said == null ? "" : ", " + said);
    }
}
