package io.dray.cli;

import io.dray.cli.output.Console;
import io.dray.core.telemetry.Logging;
import io.dray.router.RouterMain;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dray router}: runs a router in the foreground; its words are read by RouterMain. */
@Command(
        name = "router",
        description = "Run a router until it is told to stop.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  dray router",
            "  dray router --config router.yaml --set listen=127.0.0.1:0",
            "  dray router --set store.url=jdbc:postgresql://db/tasks --set store.user=dray",
            "",
            "Keys (several hosts: examples/hosts):",
            "  listen        sidecars and commands come here; default 127.0.0.1:7400",
            "  advertise     where others reach it, if several share a store; default: listen",
            "  admin.listen  /metrics, /healthz, /readyz; default 127.0.0.1:7480",
            "  store.path    tasks; default ~/.local/share/dray/router.db",
            "  store.url     or a PostgreSQL: jdbc:postgresql://host:port/database",
            "  store.user    its user; store.password-file has the password",
            "  store.retention  how long tasks stay after their end; default 7d",
            "  name          default: the host's name",
            "  pool.lease    how long a silent worker keeps its task; default 5s",
            "",
            "Prints one line READY {json} on standard output when it serves; logs go to",
            "standard error. Keys can also come as DRAY_ROUTER_... variables, such as",
            "DRAY_ROUTER_ADMIN_LISTEN."
        })
final class RouterCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final ServerOptions options = new ServerOptions();

    RouterCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Logging.setUp();
        return RouterMain.run(options.words(), console.out());
    }
}
