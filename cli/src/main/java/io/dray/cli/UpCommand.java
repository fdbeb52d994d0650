package io.dray.cli;

import io.dray.cli.cluster.ClusterPlan;
import io.dray.cli.cluster.DefaultSocket;
import io.dray.cli.cluster.FreePort;
import io.dray.cli.cluster.LocalCluster;
import io.dray.cli.cluster.LocalNode;
import io.dray.cli.output.CommandException;
import io.dray.cli.output.Console;
import io.dray.cli.output.ExitCode;
import io.dray.cli.output.Table;
import io.dray.core.net.SidecarPath;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code dray up}: a mesh on this machine in the foreground. */
@Command(
        name = "up",
        description = "Run a router and sidecars on this machine until Ctrl-C (exit code 130); one that dies is"
                + " started again after 5 s.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  dray up                    one node, at the default socket; router at :7400",
            "  dray up --nodes 3",
            "  dray up --dir /tmp/mesh    sockets, logs and data in a folder of your own"
        })
final class UpCommand implements Callable<Integer> {
    private static final int ROUTER_PORT = 7400;
    private static final int AGENT_PORT = 7401;
    private static final int MOST_NODES = 32;

    private final Console console;

    @Option(names = "--nodes", paramLabel = "N", description = "How many sidecars (default: ${DEFAULT-VALUE}).")
    private int nodes = 1;

    @Option(names = "--dir", paramLabel = "FOLDER", description = "Default: the runtime folder of this user.")
    private String folder = "";

    UpCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (nodes < 1 || nodes > MOST_NODES) {
            throw new CommandException(ExitCode.USAGE, "--nodes: " + nodes + " (expected: 1-" + MOST_NODES + ")");
        }
        Path usual = SidecarPath.runtimeFolder(System.getenv());
        Path place = folder.isEmpty() ? usual : Path.of(folder).toAbsolutePath().normalize();
        List<String> names = ClusterPlan.nodeNames(nodes);
        ClusterPlan plan = new ClusterPlan(
                place, names, FreePort.preferring(ROUTER_PORT), FreePort.preferring(AGENT_PORT), List.of());
        try (DefaultSocket first = DefaultSocket.claim(place.resolve("sidecar.sock"), plan.socket(names.getFirst()));
                LocalCluster cluster = LocalCluster.start(plan, this::tell, () -> tell("the mesh is stopped"))) {
            print(cluster, place, first);
            new CountDownLatch(1).await();
        }
        return ExitCode.DONE.number();
    }

    private void tell(String line) {
        console.err().println("dray: " + line);
    }

    private void print(LocalCluster cluster, Path place, DefaultSocket first) {
        Table table = new Table("NODE", "DRAY_SIDECAR", "TCP", "PEERS", "ADMIN");
        for (LocalNode node : cluster.nodes()) {
            table.row(node.name(), node.endpoint(), node.agents(), node.peers(), node.admin());
        }
        table.print(console.out());
        console.out()
                .printf("%nrouter %s, admin %s; logs and data in %s%n", cluster.router(), cluster.routerAdmin(), place);
        if (!folder.isEmpty()) {
            console.out().println("export DRAY_SIDECAR=unix:" + first.path());
        }
        if (!cluster.router().endsWith(":" + ROUTER_PORT)) {
            tell("port " + ROUTER_PORT
                    + " is taken, so another mesh may run here: without the second line `agents`, `nodes`"
                    + " and `top` ask that one");
            console.out().println("export DRAY_ROUTER=" + cluster.router());
        }
        console.out().println("Ctrl-C stops it all.");
        console.out().flush();
    }
}
