package io.dray.cli;

import io.dray.cli.output.Console;
import io.dray.cli.output.Json;
import io.dray.core.config.ConfigException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code dray config schema}: what an editor needs to check and complete a configuration file. */
@Command(
        name = "schema",
        description = "Print the JSON schema of a configuration file, for editors.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  dray config schema > sidecar.schema.json",
            "  dray config schema --role router > router.schema.json",
            "",
            "Editors with the YAML language server find it by a first line in the file:",
            "  # yaml-language-server: $schema=sidecar.schema.json"
        })
final class ConfigSchemaCommand implements Runnable {
    private final Console console;

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = "sidecar or router (default: ${DEFAULT-VALUE}).",
            defaultValue = "sidecar")
    private ConfigRole role = ConfigRole.SIDECAR;

    ConfigSchemaCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        try {
            Json.print(console.out(), Json.tree(role.schema()));
        } catch (ConfigException e) {
            throw new IllegalStateException("the defaults are refused", e);
        }
    }
}
