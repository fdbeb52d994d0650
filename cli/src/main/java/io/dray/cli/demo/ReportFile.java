package io.dray.cli.demo;

import io.dray.cli.output.CommandException;
import io.dray.cli.output.ExitCode;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A file that the user wants a report in: tried before the work, written as a whole after it. Immutable.
 *
 * @param option that names it, such as {@code --html}
 */
public record ReportFile(String option, Path path) {

    /**
     * Tries to open it for writing and leaves what it holds: better before a minute of work than after it.
     *
     * @throws CommandException USAGE if it cannot be written
     */
    public void require() {
        boolean wasThere = Files.exists(path);
        try {
            if (Files.isDirectory(path)) {
                throw new FileSystemException(path.toString(), null, "is a folder");
            }
            Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
            if (!wasThere) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw failure(ExitCode.USAGE, e, "a file that may be written, in a folder that exists");
        }
    }

    /**
     * Tells it from another one.
     *
     * @throws CommandException USAGE if both are the same file
     */
    public void requireOther(ReportFile other) {
        if (absolute(path).equals(absolute(other.path))) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "%s %s: is the file of %s too (expected: another one)".formatted(option, path, other.option));
        }
    }

    private static Path absolute(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException _) {
            return file.toAbsolutePath().normalize();
        }
    }

    /**
     * Writes it, over what it held; whoever reads it meanwhile sees the one or the other.
     *
     * @throws CommandException FAILED if it cannot be written; then it holds what it held
     */
    void write(String text) {
        try {
            Path target = Files.exists(path) ? path.toRealPath() : path;
            if (Files.exists(target) && !Files.isRegularFile(target)) {
                Files.writeString(target, text); // a pipe or a device cannot be replaced
                return;
            }
            replace(target, text);
        } catch (IOException e) {
            throw failure(
                    ExitCode.FAILED, e, "room for %,d KB; the work itself was done".formatted(text.length() / 1024));
        }
    }

    private static void replace(Path target, String text) throws IOException {
        // A name of its own, made anew: whatever lies beside the target, or leads elsewhere, stays as it is.
        String suffix = ".%08x.part".formatted(ThreadLocalRandom.current().nextInt());
        Path part = target.resolveSibling(target.getFileName() + suffix);
        Files.createFile(part);
        try {
            Files.writeString(part, text);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private CommandException failure(ExitCode code, IOException e, String expected) {
        return new CommandException(
                code, "%s %s: cannot be written: %s (expected: %s)".formatted(option, path, reason(e), expected), e);
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "its folder does not exist";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        @Nullable String said = e instanceof FileSystemException of ? of.getReason() : e.getMessage();
        return said == null ? e.getClass().getSimpleName().replaceFirst("Exception$", "") : said;
    }
}
