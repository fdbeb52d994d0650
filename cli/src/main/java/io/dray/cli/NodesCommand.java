package io.dray.cli;

import io.dray.cli.door.Door;
import io.dray.cli.door.Pages;
import io.dray.cli.output.Console;
import io.dray.cli.output.Json;
import io.dray.cli.output.Table;
import io.dray.router.v1.Node;
import io.dray.router.v1.WorkerSlots;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dray nodes}: the nodes that the router knows, with their last reports. */
@Command(
        name = "nodes",
        description = "List the nodes and what they report of their hosts.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  dray nodes", "  dray nodes --router 10.0.0.1:7400 --json"})
final class NodesCommand implements Runnable {
    private static final double MIB = 1024.0 * 1024;

    private final Console console;

    @Mixin
    private final RouterOption router = new RouterOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    NodesCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        try (Door door = router.open()) {
            List<Node> nodes = Pages.nodes(door.admin(RouterOption.TIMEOUT));
            if (json.wanted()) {
                printJson(nodes);
            } else {
                printTable(nodes);
            }
        }
    }

    private void printTable(List<Node> nodes) {
        Table table =
                new Table("NODE", "STATE", "AGENTS", "SLOTS", "ATTEMPTS", "CPU FREE", "MEMORY FREE", "LOAD", "PEERS");
        for (Node node : nodes) {
            var report = node.getReport();
            table.row(
                    node.getNode(),
                    state(node),
                    node.getAgents(),
                    slots(node),
                    node.getAttempts(),
                    fraction(report.getFreeCpuMillis(), report.getTotalCpuMillis(), 1000, ""),
                    fraction(report.getFreeMemoryBytes(), report.getTotalMemoryBytes(), MIB, " MiB"),
                    String.format(Locale.ROOT, "%.2f", report.getLoadPermille() / 1000.0),
                    node.getPeerAddress());
        }
        table.print(console.out());
    }

    private void printJson(List<Node> nodes) {
        var array = Json.array();
        for (Node node : nodes) {
            var report = node.getReport();
            var object = array.addObject()
                    .put("node", node.getNode())
                    .put("state", state(node))
                    .put("incarnation", Long.toUnsignedString(node.getIncarnation()))
                    .put("peer_address", node.getPeerAddress())
                    .put("admin_address", node.getAdminAddress())
                    .put("software", node.getSoftware())
                    .put("agents", node.getAgents())
                    .put("attempts", node.getAttempts())
                    .put("free_slots", slots(node, WorkerSlots::getFree))
                    .put("total_slots", slots(node, WorkerSlots::getTotal))
                    .put("free_cpu_millis", report.getFreeCpuMillis())
                    .put("total_cpu_millis", report.getTotalCpuMillis())
                    .put("free_memory_bytes", report.getFreeMemoryBytes())
                    .put("total_memory_bytes", report.getTotalMemoryBytes())
                    .put("load_permille", report.getLoadPermille())
                    .put("pressure_permille", report.getPressurePermille())
                    .put("queued_envelopes", report.getQueuedEnvelopes())
                    .put("queued_bytes", report.getQueuedBytes());
            if (node.hasReportedAt()) {
                object.put("reported_at", Protos.instant(node.getReportedAt()).toString());
            }
            var labels = object.putObject("labels");
            node.getLabelsMap().forEach(labels::put);
            var gauges = object.putObject("gauges");
            report.getGaugesMap().forEach(gauges::put);
        }
        Json.print(console.out(), array);
    }

    private static String state(Node node) {
        if (!node.getConnected()) {
            return "away";
        }
        if (node.getCordoned()) {
            return "cordoned";
        }
        return node.hasEjectedUntil() ? "ejected" : "connected";
    }

    private static String slots(Node node) {
        return slots(node, WorkerSlots::getFree) + "/" + slots(node, WorkerSlots::getTotal);
    }

    private static int slots(Node node, java.util.function.ToIntFunction<WorkerSlots> count) {
        return node.getWorkersList().stream().mapToInt(count).sum();
    }

    private static String fraction(long part, long whole, double unit, String name) {
        return String.format(Locale.ROOT, "%.1f/%.1f%s", part / unit, whole / unit, name);
    }
}
