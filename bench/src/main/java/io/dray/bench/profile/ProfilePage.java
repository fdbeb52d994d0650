package io.dray.bench.profile;

import io.dray.bench.profile.Profile.OneProcess;
import io.dray.bench.report.Machine;
import io.dray.bench.report.Svg;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** A profile as one page for a browser that needs nothing else: the tables, then a flame graph for each process. */
final class ProfilePage {
    private static final int PERCENT = 100;

    private final Profile profile;
    private final StringBuilder html = new StringBuilder();

    private ProfilePage(Profile profile) {
        this.profile = profile;
    }

    static String of(Profile profile, Map<String, Recorder.Recording> recordings) throws IOException {
        return new ProfilePage(profile).make(recordings);
    }

    private String make(Map<String, Recorder.Recording> recordings) throws IOException {
        html.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Dray: profile of ")
                .append(Svg.escape(profile.title()))
                .append("</title>\n<style>\n")
                .append(resource("/io/dray/bench/report/page.css"))
                .append(resource("profile.css"))
                .append("</style>\n</head>\n<body>\n");
        head();
        purposes();
        profile.processes().forEach(this::process);
        graphs(recordings);
        return html.append("</body>\n</html>\n").toString();
    }

    private void head() {
        Machine machine = profile.machine();
        html.append("<header><h1>").append(Svg.escape(profile.title())).append("</h1>\n<dl>");
        term("seen", Figure.of(profile.row()));
        term("command", profile.command());
        term("revision", profile.revision());
        term("started", profile.started().toString());
        term(
                "machine",
                String.format(
                        Locale.ROOT,
                        "%s, %d cores, %s, kernel %s, %s",
                        machine.cpu(),
                        machine.cores(),
                        machine.os(),
                        machine.kernel(),
                        machine.jvm()));
        term("sampled by", profile.event() + ", 1,000 times a second of CPU");
        html.append("</dl></header>\n");
    }

    private void term(String name, String value) {
        html.append("<dt>")
                .append(name)
                .append("</dt><dd>")
                .append(Svg.escape(value))
                .append("</dd>");
    }

    private void purposes() {
        html.append(
                "<h2>Where the CPU goes</h2>\n<p>In percent of the CPU of all processes. A stack counts for the frame"
                        + " nearest to its top that decides; copies are those of bytes in user space.</p>\n<table><thead><tr>"
                        + "<th>for</th>");
        profile.processes()
                .forEach(process ->
                        html.append("<th class=\"n\">").append(process.role()).append("</th>"));
        html.append("<th class=\"n\">all</th></tr></thead>\n");
        for (Purpose purpose : Purpose.values()) {
            if (profile.shareOf(purpose) > 0) {
                html.append("<tr><td>").append(purpose.title()).append("</td>");
                profile.processes().forEach(process -> share(process.shareOfAll(purpose)));
                share(profile.shareOf(purpose));
                html.append("</tr>\n");
            }
        }
        html.append("<tr class=\"first\"><td>all</td>");
        profile.processes().forEach(process -> share(process.cpuShare()));
        share(1);
        html.append("</tr></table>\n");
    }

    private void process(OneProcess process) {
        html.append("<h2>")
                .append(process.role())
                .append("</h2>\n<div class=\"two\"><table><thead><tr><th>on top</th>")
                .append("<th class=\"n\">% of the process</th></tr></thead>\n");
        process.top().forEach(top -> {
            html.append("<tr><td>").append(Svg.escape(top.frame())).append("</td>");
            share(top.share());
            html.append("</tr>\n");
        });
        html.append("</table>\n<table><thead><tr><th>thread</th><th class=\"n\">ran ms</th>"
                + "<th class=\"n\">waited for a core ms</th><th class=\"n\">slices</th>"
                + "<th class=\"n\">waited us/slice</th></tr></thead>\n");
        process.threads()
                .forEach(thread -> html.append(String.format(
                        Locale.ROOT,
                        "<tr><td>%s</td><td class=\"n\">%,.0f</td><td class=\"n\">%,.0f</td><td class=\"n\">%,d</td>"
                                + "<td class=\"n\">%,.0f</td></tr>%n",
                        Svg.escape(thread.thread()),
                        thread.ranMs(),
                        thread.waitedMs(),
                        thread.slices(),
                        thread.waitedUsPerSlice())));
        html.append("</table></div>\n<div class=\"flame\" id=\"")
                .append(process.role())
                .append("\"></div>\n");
    }

    private void graphs(Map<String, Recorder.Recording> recordings) throws IOException {
        Map<String, Integer> names = FlameGraph.noNames();
        String graphs = recordings.entrySet().stream()
                .map(entry -> word(entry.getKey()) + ":"
                        + new FlameGraph(names).add(entry.getValue().stacks()).numbers(entry.getKey()))
                .collect(Collectors.joining(",\n"));
        html.append("<script>\nconst names = [")
                .append(names.keySet().stream().map(ProfilePage::word).collect(Collectors.joining(",")))
                .append("];\nconst graphs = {")
                .append(graphs)
                .append("};\n")
                .append(resource("flame.js"))
                .append("</script>\n");
    }

    private void share(double share) {
        html.append(String.format(Locale.ROOT, "<td class=\"n\">%.1f</td>", share * PERCENT));
    }

    /** A JavaScript string that cannot end the script. */
    private static String word(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("<", "\\u003c") + '"';
    }

    private static String resource(String name) throws IOException {
        try (InputStream file = Objects.requireNonNull(ProfilePage.class.getResourceAsStream(name), name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
