package io.dray.cli;

import io.dray.cli.output.Console;
import io.dray.cli.output.Json;
import io.dray.core.telemetry.BuildInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;

/** {@code dray version}: the version of this program and of the Java that runs it. */
@Command(
        name = "version",
        description = "Print the version.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  dray version", "  dray version --json"})
final class VersionCommand implements Runnable {
    private final Console console;

    @Mixin
    private final JsonOption json = new JsonOption();

    VersionCommand(Console console) {
        this.console = console;
    }

    /** For {@code --version}. */
    static final class Text implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {text()};
        }
    }

    @Override
    public void run() {
        if (!json.wanted()) {
            console.out().println(text());
            return;
        }
        Json.print(
                console.out(),
                Json.object()
                        .put("version", BuildInfo.version())
                        .put("java", Runtime.version().toString()));
    }

    private static String text() {
        return "dray %s, Java %s".formatted(BuildInfo.version(), Runtime.version());
    }
}
