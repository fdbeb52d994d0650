package io.dray.cli;

import picocli.CommandLine.Option;

/** {@code --tenant} of the commands that read or change tasks. */
final class TenantOption {
    @Option(names = "--tenant", paramLabel = "NAME", description = "Whose tasks (default: your own).")
    private String tenant = "";

    String name() {
        return tenant;
    }
}
