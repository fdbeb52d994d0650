package io.dray.bench.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The commit that is measured, asked of Git. */
public final class Revision {
    private static final String UNKNOWN = "unknown";
    private static final String[] STATUS = {
        "status", "--porcelain", "--untracked-files=no", "--", ".", ":(exclude)bench/results", ":(exclude)bench/*.md"
    };

    private Revision() {}

    /**
     * Returns the commit of a working tree.
     *
     * @param folder in the working tree
     * @return its hash, with {@code -dirty} when tracked files differ from it, but for those that the bench writes itself;
     *     {@code unknown} without Git
     */
    public static String of(Path folder) {
        String hash = git(folder, "rev-parse", "HEAD");
        if (hash.equals(UNKNOWN)) {
            return UNKNOWN;
        }
        return git(folder, STATUS).isEmpty() ? hash : hash + "-dirty";
    }

    private static String git(Path folder, String... words) {
        List<String> command = Stream.concat(Stream.of("git", "-C", folder.toString()), Arrays.stream(words))
                .toList();
        try {
            Process git = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
            return git.waitFor() == 0 ? output : UNKNOWN;
        } catch (IOException _) {
            return UNKNOWN;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return UNKNOWN;
        }
    }
}
