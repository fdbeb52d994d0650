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
            "Keys (more that tune: sidecar/SETTINGS.md; several hosts: examples/hosts):",
            "  node              unique name; default: the host's name",
            "  agents.socket     default: where agents of this user look for it",
            "  agents.listen     agents over TCP; default 127.0.0.1:7401, none for no TCP",
            "  peers.listen      sidecars of other hosts come here; default 127.0.0.1:7402",
            "  peers.advertise   where they are told to go; default: peers.listen",
            "  router.endpoints  default: DRAY_ROUTER, else 127.0.0.1:7400",
            "  admin.listen      /metrics, /healthz, /readyz; default 127.0.0.1:7481",
            "  data-dir          default ~/.local/share/dray/NODE",
            "  profile           balanced (default), throughput, latency or memory",
            "  log.level         trace, debug, info (default), warn or error",
            "  labels            words about the host, such as zone=west; not used yet",
            "",
            "Prints one line READY {json} on standard output when it serves; logs go to",
            "standard error. Keys can also come as DRAY_SIDECAR_... variables, such as",
            "DRAY_SIDECAR_PEERS_LISTEN. SIGHUP reads the file again and logs, key by key,",
            "what has changed and what waits for a restart."
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
