package io.dray.sidecar.tasks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** The small text files in which a Linux kernel tells of itself; what is missing or unreadable is empty. Stateless. */
final class HostFiles {
    private final Path root;

    HostFiles(Path root) {
        this.root = root;
    }

    boolean exists(String path) {
        return Files.exists(root.resolve(path));
    }

    String text(String path) {
        try {
            return Files.readString(root.resolve(path));
        } catch (IOException _) {
            // Another kernel, or a container that hides the file.
            return "";
        }
    }

    List<String> lines(String path) {
        return text(path).lines().toList();
    }

    /** Returns a file that holds one number; empty for a word such as max. */
    OptionalLong value(String path) {
        return number(text(path).trim());
    }

    static OptionalLong number(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException _) {
            return OptionalLong.empty();
        }
    }

    static OptionalDouble decimal(String text) {
        try {
            return OptionalDouble.of(Double.parseDouble(text));
        } catch (NumberFormatException _) {
            return OptionalDouble.empty();
        }
    }
}
