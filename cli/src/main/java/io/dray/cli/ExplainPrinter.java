package io.dray.cli;

import io.dray.cli.output.Json;
import io.dray.cli.output.Table;
import io.dray.router.v1.ExplainTaskResponse;
import io.dray.router.v1.NodeVerdict;
import io.dray.router.v1.PlacementFilter;
import io.dray.router.v1.ScoreTerm;
import java.io.PrintStream;
import java.util.Locale;
import java.util.stream.Collectors;

/** Explanations as the commands print them. Stateless. */
final class ExplainPrinter {
    private ExplainPrinter() {}

    static void print(PrintStream out, ExplainTaskResponse response, boolean asJson) {
        if (asJson) {
            printJson(out, response);
            return;
        }
        if (response.hasTask()) {
            TaskPrinter.printLine(out, response.getTask());
        }
        out.println(Table.printable(response.getSummary()));
        if (response.hasEstimatedAt()) {
            out.println("estimated at " + Protos.instant(response.getEstimatedAt()));
        }
        if (response.hasOwner()) {
            out.println("says " + OwnerPrinter.text(response.getOwner()));
        }
        if (response.getNodesCount() == 0) {
            return;
        }
        out.println();
        Table table = new Table("NODE", "VERDICT", "HAS", "EXPECTED", "TERMS", "REPORT");
        response.getNodesList().forEach(node -> row(table, node));
        table.print(out);
    }

    private static void row(Table table, NodeVerdict node) {
        boolean fits = node.getFilter() == PlacementFilter.PLACEMENT_FILTER_UNSPECIFIED;
        table.row(
                node.getNode(),
                node.getChosen() ? "chosen" : word(node.getFilter()),
                node.getValue(),
                node.getExpected(),
                fits || node.getChosen()
                        ? node.getTermsList().stream().map(ExplainPrinter::term).collect(Collectors.joining(" "))
                        : "",
                age(node));
    }

    static String word(PlacementFilter filter) {
        return filter == PlacementFilter.PLACEMENT_FILTER_UNSPECIFIED ? "fits" : Choice.word(filter);
    }

    private static String term(ScoreTerm term) {
        return term.getName() + "=" + String.format(Locale.ROOT, "%.0f", term.getValue());
    }

    private static String age(NodeVerdict node) {
        return node.getReportAgeMillis() == 0
                ? "none"
                : String.format(Locale.ROOT, "%.1f s", node.getReportAgeMillis() / 1000.0);
    }

    private static void printJson(PrintStream out, ExplainTaskResponse response) {
        var object = Json.object();
        if (response.hasTask()) {
            object.set("task", TaskPrinter.json(response.getTask()));
        }
        object.put("summary", response.getSummary())
                .put("ahead", response.getAhead())
                .put("impossible", response.getImpossible());
        if (response.hasEstimatedAt()) {
            object.put("estimated_at", Protos.instant(response.getEstimatedAt()).toString());
        }
        if (response.hasOwner()) {
            object.set("owner", OwnerPrinter.json(response.getOwner()));
        }
        var nodes = object.putArray("nodes");
        for (NodeVerdict node : response.getNodesList()) {
            var verdict = nodes.addObject()
                    .put("node", node.getNode())
                    .put(
                            "filter",
                            node.getFilter() == PlacementFilter.PLACEMENT_FILTER_UNSPECIFIED
                                    ? ""
                                    : word(node.getFilter()))
                    .put("chosen", node.getChosen())
                    .put("value", node.getValue())
                    .put("expected", node.getExpected())
                    .put("report_age_millis", node.getReportAgeMillis());
            var terms = verdict.putObject("terms");
            node.getTermsList().forEach(term -> terms.put(term.getName(), term.getValue()));
        }
        Json.print(out, object);
    }
}
