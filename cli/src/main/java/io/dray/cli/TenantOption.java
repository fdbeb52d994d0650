package io.dray.cli;

import picocli.CommandLine.Option;

/** {@code --tenant}: to whom tasks are accounted. */
final class TenantOption {
    @Option(
            names = "--tenant",
            paramLabel = "NAME",
            converter = MeshWord.Name.class,
            description = "Whose tasks (default: default).")
    private String tenant = "";

    String name() {
        return tenant;
    }
}
