package io.dray.core.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The words with which a router or sidecar is started.
 *
 * @param file {@code --config FILE}; null when there is none
 * @param settings {@code --set key=value}, by key
 * @param insecure {@code --insecure}: listening beyond loopback without certificates is wanted
 */
public record StartOptions(@Nullable Path file, Map<String, String> settings, boolean insecure) {
    private static final String FORM = "[--config FILE] [--set key=value]... [--insecure]";

    /** Copies the settings. */
    public StartOptions {
        settings = Map.copyOf(settings);
    }

    /** Returns the options in these words; throws IllegalArgumentException when one does not belong. */
    public static StartOptions parse(String[] words) {
        Path file = null;
        Map<String, String> settings = new TreeMap<>();
        boolean insecure = false;
        for (int i = 0; i < words.length; i++) {
            switch (words[i]) {
                case "--insecure" -> insecure = true;
                case "--config" -> file = Path.of(following(words, i++));
                case "--set" -> set(settings, following(words, i++));
                default -> throw new IllegalArgumentException("word: " + words[i] + " (expected: " + FORM + ")");
            }
        }
        return new StartOptions(file, settings, insecure);
    }

    /** Returns why a server does not start, for standard error: its lines begin as all of the command do. */
    public static String complaint(Throwable why) {
        return String.valueOf(why.getMessage())
                .lines()
                .map("dray: "::concat)
                .collect(Collectors.joining(System.lineSeparator()));
    }

    private static String following(String[] words, int i) {
        if (i + 1 == words.length) {
            throw new IllegalArgumentException(words[i] + ": nothing follows (expected: " + FORM + ")");
        }
        return words[i + 1];
    }

    private static void set(Map<String, String> settings, String pair) {
        int equals = pair.indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException("--set " + pair + " (expected: key=value)");
        }
        settings.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
}
