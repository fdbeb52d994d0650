package io.dray.cli;

import picocli.CommandLine.Option;

/** {@code --json}, the same for every command that reads. */
final class JsonOption {
    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    boolean wanted() {
        return json;
    }
}
