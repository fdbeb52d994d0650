package io.dray.cli;

import io.dray.cli.door.Door;
import io.dray.cli.door.Pages;
import io.dray.cli.output.Console;
import io.dray.cli.output.Durations;
import io.dray.cli.output.Json;
import io.dray.cli.output.Table;
import io.dray.cli.top.NodeLoad;
import io.dray.router.v1.Node;
import io.dray.router.v1.WorkerSlots;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dray top}: what each node does right now. */
@Command(
        name = "top",
        description = "Show what each node does: messages, what waits, bytes on links, tasks, free CPU and memory."
                + " Until Ctrl-C unless --once.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  dray top --once",
            "  dray top --interval 5s",
            "  dray top --once --json",
            "",
            "A dash: the node's admin page cannot be read from here."
        })
final class TopCommand implements Callable<Integer> {
    private static final double KIB = 1024;
    private static final double MIB = 1024 * KIB;
    private static final double MILLI = 1e-3;
    private static final String CLEAR = "\033[H\033[2J";

    private final Console console;

    @Option(names = "--once", description = "Print one table and end.")
    private boolean once;

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "Over what time rates are taken (default: 1s).")
    private Duration interval = Duration.ofSeconds(1);

    @Mixin
    private final RouterOption router = new RouterOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    TopCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Door door = router.open()) {
            do {
                List<Node> nodes = Pages.nodes(door.admin(RouterOption.TIMEOUT));
                print(NodeLoad.of(nodes, interval));
                console.checkWritten();
            } while (!once);
        }
        return 0;
    }

    private void print(List<NodeLoad> loads) {
        if (json.wanted()) {
            var array = Json.array();
            loads.forEach(load -> {
                var object = array.addObject().put("node", load.node().getNode());
                figures(load).forEach((name, figure) -> {
                    if (figure.isPresent()) {
                        object.put(name, figure.getAsDouble());
                    } else {
                        object.putNull(name);
                    }
                });
            });
            Json.printLine(console.out(), array);
            return;
        }
        if (console.interactive() && !once) {
            console.out().print(CLEAR);
        }
        printTable(loads);
    }

    private void printTable(List<NodeLoad> loads) {
        Table table = new Table(
                "NODE", "MSGS/S", "REFUSED/S", "WAITING", "LINKS KIB/S", "AGENTS", "TASKS", "CPU FREE", "MEMORY FREE");
        for (NodeLoad load : loads) {
            Map<String, OptionalDouble> figures = figures(load);
            Node node = load.node();
            if (!node.getConnected()) {
                table.row(node.getNode() + " (away)", "-", "-", "-", "-", "-", "-", "-", "-");
                continue;
            }
            table.row(
                    node.getNode(),
                    text(figures, "envelopes_per_second", 1),
                    text(figures, "refused_per_second", 1),
                    text(figures, "queued_envelopes", 1),
                    text(figures, "link_bytes_per_second", KIB),
                    node.getAgents(),
                    node.getAttempts() + "/" + slots(node),
                    String.format(Locale.ROOT, "%.1f", node.getReport().getFreeCpuMillis() * MILLI),
                    String.format(Locale.ROOT, "%,.0f MiB", node.getReport().getFreeMemoryBytes() / MIB));
        }
        table.print(console.out());
        console.out().flush();
    }

    private static Map<String, OptionalDouble> figures(NodeLoad load) {
        Map<String, OptionalDouble> figures = new LinkedHashMap<>();
        figures.put("envelopes_per_second", load.perSecond("dray_envelopes_routed_total"));
        figures.put("refused_per_second", load.perSecond("dray_refused_total"));
        figures.put("queued_envelopes", load.now("dray_queued_envelopes"));
        figures.put("link_bytes_per_second", load.perSecond("dray_link_bytes_wire_total"));
        figures.put("agents", OptionalDouble.of(load.node().getAgents()));
        figures.put("attempts", OptionalDouble.of(load.node().getAttempts()));
        figures.put("free_cpu_millis", OptionalDouble.of((double)
                load.node().getReport().getFreeCpuMillis()));
        figures.put("free_memory_bytes", OptionalDouble.of((double)
                load.node().getReport().getFreeMemoryBytes()));
        return figures;
    }

    private static String text(Map<String, OptionalDouble> figures, String name, double unit) {
        OptionalDouble figure = figures.getOrDefault(name, OptionalDouble.empty());
        return figure.isEmpty() ? "-" : String.format(Locale.ROOT, "%,.0f", figure.getAsDouble() / unit);
    }

    private static int slots(Node node) {
        return node.getWorkersList().stream().mapToInt(WorkerSlots::getTotal).sum();
    }
}
