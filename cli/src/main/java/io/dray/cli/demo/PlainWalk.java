package io.dray.cli.demo;

import io.dray.cli.output.CommandException;
import io.dray.cli.output.ExitCode;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is to be digested, found without the mesh: name, SHA-256, bytes and lines of each text file of a folder. A text file
 * is a regular file whose name and whole content are UTF-8, the content without a zero byte, not reached through a symbolic
 * link and not in a folder called .git, target or node_modules. Immutable.
 *
 * @param files figures by name relative to the folder
 * @param binary how many files are not text
 * @param unreadable how many files and folders could not be read
 */
record PlainWalk(Path folder, SortedMap<String, PlainFile> files, int binary, int unreadable) {
    private static final Set<String> SKIPPED = Set.of(".git", "target", "node_modules");
    /** Stands for what is not UTF-8 in a name, which then does not lead back to the file. */
    private static final char UNDECODED = '\uFFFD';

    /**
     * Walks a folder.
     *
     * @throws CommandException USAGE when it is no folder or has no text files
     */
    static PlainWalk of(Path folder) {
        if (!Files.isDirectory(folder)) {
            String what = Files.exists(folder) ? "is not a folder" : "does not exist";
            throw new CommandException(ExitCode.USAGE, folder + ": " + what + " (expected: a folder with text files)");
        }
        Walker walker = new Walker(folder);
        try {
            Files.walkFileTree(folder, walker);
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, folder + ": cannot be walked: " + e, e);
        }
        PlainWalk walk = new PlainWalk(folder, walker.files, walker.binary, walker.unreadable);
        if (walk.files().isEmpty()) {
            throw new CommandException(
                    ExitCode.USAGE,
                    folder + ": nothing to digest: no text files" + walk.leftOut() + " (expected: some)");
        }
        return walk;
    }

    /** The files that were not taken, for people; empty when all were. */
    String leftOut() {
        return binary + unreadable == 0 ? "" : " (%d not UTF-8 text, %d unreadable)".formatted(binary, unreadable);
    }

    private static final class Walker extends SimpleFileVisitor<Path> {
        private final Path folder;
        private final SortedMap<String, PlainFile> files = new TreeMap<>();
        private int binary;
        private int unreadable;

        Walker(Path folder) {
            this.folder = folder;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return !directory.equals(folder)
                            && SKIPPED.contains(directory.getFileName().toString())
                    ? FileVisitResult.SKIP_SUBTREE
                    : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (!attributes.isRegularFile()) {
                return FileVisitResult.CONTINUE;
            }
            try {
                take(file);
            } catch (IOException _) {
                unreadable++;
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            unreadable++;
            return FileVisitResult.CONTINUE;
        }

        private void take(Path file) throws IOException {
            String name = folder.relativize(file).toString();
            Optional<PlainFile> figures = name.indexOf(UNDECODED) < 0 ? TextDigest.of(file) : Optional.empty();
            figures.ifPresentOrElse(found -> files.put(name, found), () -> binary++);
        }
    }
}
