package io.dray.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options of a server's command; its main class reads them again as words. */
final class ServerOptions {
    @Option(names = "--config", paramLabel = "FILE", description = "Configuration in YAML.")
    private String config = "";

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "One configuration value; wins over all others.")
    private List<String> settings = List.of();

    @Option(names = "--insecure", description = "Allow to listen beyond loopback without certificates.")
    private boolean insecure;

    String[] words() {
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
