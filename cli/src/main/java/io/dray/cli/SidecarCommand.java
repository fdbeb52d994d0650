package io.dray.cli;

import io.dray.cli.output.Console;
import io.dray.core.telemetry.Logging;
import io.dray.sidecar.SidecarMain;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dray sidecar}: runs the sidecar of a node in the foreground; its words are read by SidecarMain. */
@Command(
        name = "sidecar",
        description = "Run a sidecar until it is told to stop.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  dray sidecar",
            "  dray sidecar --config sidecar.yaml --set node=a",
            "",
            "Prints one line READY {json} on standard output when it serves; logs go to",
            "standard error. Keys can also come as DRAY_SIDECAR_... variables."
        })
final class SidecarCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final ServerOptions options = new ServerOptions();

    SidecarCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Logging.setUp();
        return SidecarMain.run(options.words(), console.out());
    }
}
