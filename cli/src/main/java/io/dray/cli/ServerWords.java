package io.dray.cli;

import java.util.ArrayList;
import java.util.List;

/** The words of a server's command as its main class reads them. Stateless. */
final class ServerWords {
    private ServerWords() {}

    static String[] of(String config, List<String> settings, boolean insecure) {
        List<String> words = new ArrayList<>();
        if (!config.isEmpty()) {
            words.addAll(List.of("--config", config));
        }
        settings.forEach(setting -> words.addAll(List.of("--set", setting)));
        if (insecure) {
            words.add("--insecure");
        }
        return words.toArray(String[]::new);
    }
}
