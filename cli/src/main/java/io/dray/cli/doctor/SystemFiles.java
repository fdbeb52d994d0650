package io.dray.cli.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the kernel tells in files below a root; another root than {@code /} for tests. Immutable. */
final class SystemFiles {
    private static final Pattern OPEN_FILES = Pattern.compile("(?m)^Max open files\\s+(\\S+)\\s+(\\S+)");
    private static final String UNLIMITED = "unlimited";

    private static final int MOST_BYTES = 64 * 1024;

    private final Path root;

    SystemFiles(Path root) {
        this.root = root;
    }

    /** Returns the folder, or the nearest one above it that is there. */
    static Path nearestFolder(Path folder) {
        for (@Nullable Path place = folder.toAbsolutePath(); place != null; place = place.getParent()) {
            if (Files.isDirectory(place)) {
                return place;
            }
        }
        return Path.of("/");
    }

    Path path(String name) {
        return root.resolve(name);
    }

    boolean exists(String name) {
        return Files.exists(path(name));
    }

    /** Returns the text of a file without blanks around it; empty when there is none that can be read. */
    Optional<String> text(String name) {
        // Files.readString takes the first byte alone where a file says that it is empty, as those of the kernel do,
        // and
        // some of them give nothing more then.
        try (InputStream file = Files.newInputStream(path(name))) {
            return Optional.of(new String(file.readNBytes(MOST_BYTES), StandardCharsets.UTF_8).strip());
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /** Returns the first number in a file of {@code proc/sys}. */
    OptionalLong sysctl(String key) {
        Optional<String> text = text("proc/sys/" + key.replace('.', '/'));
        try {
            return text.isEmpty()
                    ? OptionalLong.empty()
                    : OptionalLong.of(Long.parseLong(text.get().split("\\s+", 2)[0]));
        } catch (NumberFormatException _) {
            return OptionalLong.empty();
        }
    }

    /** Returns how many files a process may open at most: the hard limit, to which the JVM raises itself. */
    OptionalLong openFiles() {
        Matcher matcher = OPEN_FILES.matcher(text("proc/self/limits").orElse(""));
        if (!matcher.find()) {
            return OptionalLong.empty();
        }
        String hard = matcher.group(2);
        return OptionalLong.of(UNLIMITED.equals(hard) ? Long.MAX_VALUE : Long.parseLong(hard));
    }
}
