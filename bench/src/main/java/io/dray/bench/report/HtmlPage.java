package io.dray.bench.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/** A report as one page for a browser that needs nothing else: charts by workload, then every row. */
public final class HtmlPage {
    private static final String STYLE = "page.css";

    private final Report report;
    private final Palette palette;
    private final Map<Workload, List<Row>> groups = new LinkedHashMap<>();
    private final StringBuilder html = new StringBuilder();

    private HtmlPage(Report report) {
        this.report = report;
        this.palette = new Palette(report.rows());
        report.rows()
                .forEach(row -> groups.computeIfAbsent(row.workload(), _ -> new ArrayList<>())
                        .add(row));
    }

    /** One chart of one workload. */
    private interface Drawing {
        String of(List<Row> rows, String title);
    }

    /**
     * Writes the page, over what the file held before.
     *
     * @param report what to show
     * @param file where to; its folder is made when it is missing
     * @throws IOException when it cannot be written
     */
    public static void write(Report report, Path file) throws IOException {
        new OutputFile("--html", file).write(of(report));
    }

    static String of(Report report) throws IOException {
        return new HtmlPage(report).make(style());
    }

    private String make(String style) {
        html.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Dray: ")
                .append(Svg.escape(suites()))
                .append(" benchmark</title>\n<style>\n")
                .append(style)
                .append("</style>\n</head>\n<body>\n");
        head();
        section(
                "throughput",
                "Throughput",
                "Messages per second: median, with the least and the greatest window as a whisker. Longer is better; ~ marks noise.",
                row -> row.workload().shape() != Shape.OPEN && BarCard.THROUGHPUT.shows(row),
                (rows, title) -> BarCard.THROUGHPUT.draw(rows, palette, title));
        section(
                "latency",
                "Latency",
                "Over all windows, both axes logarithmic. Open loops count from the planned time of sending; a flood's time is"
                        + " that of full queues. A curve ends where fewer than five messages are left.",
                CurveCard::shows,
                (rows, title) -> CurveCard.draw(rows, palette, title));
        section(
                "cpu",
                "CPU per message",
                "CPU of all processes of the system divided by finished messages. Shorter is better.",
                BarCard.CPU::shows,
                (rows, title) -> BarCard.CPU.draw(rows, palette, title));
        html.append(
                "<section id=\"rows\"><h2>All rows</h2>\n<p>Medians over windows; <i>failed</i> is their sum. <i>~</i> marks noise: others used"
                        + " over 20 % of one core in a window. <i>Against peers</i>: our median divided by theirs, in this run."
                        + " RSS is the sum of all processes; the pointer shows each.</p>\n");
        html.append(HtmlTable.of(report.rows())).append("</section>\n");
        checks();
        html.append("</body>\n</html>\n");
        return html.toString();
    }

    private void checks() {
        if (!hasChecks()) {
            return;
        }
        html.append("<section id=\"checks\"><h2>Checks</h2>\n<ul>\n");
        report.rows()
                .forEach(row -> row.checks()
                        .forEach(check -> html.append(check.met() ? "<li>" : "<li class=\"noisy\">")
                                .append(Svg.escape(row.workload().scenario() + ", "
                                        + row.contender().title() + ": " + check.text()))
                                .append("</li>\n")));
        html.append("</ul></section>\n");
    }

    private boolean hasChecks() {
        return report.rows().stream().anyMatch(row -> !row.checks().isEmpty());
    }

    private void head() {
        Machine machine = report.machine();
        html.append("<header><h1>Dray: ").append(Svg.escape(suites())).append(" benchmark</h1>\n<dl>");
        term("command", "<code>" + Svg.escape(report.command()) + "</code>");
        term("revision", "<code>" + Svg.escape(report.revision()) + "</code>");
        term("started", Svg.escape(report.started().toString()));
        if (report.unfinished()) {
            term("partial", "<b class=\"noisy\">what was measured so far; the run had not ended</b>");
        }
        term(
                "machine",
                Svg.escape(String.format(
                        Locale.ROOT,
                        "%s, %d cores, %,d MB, %s, kernel %s",
                        machine.cpu(),
                        machine.cores(),
                        machine.memoryMb(),
                        machine.os(),
                        machine.kernel())));
        term("JVM", Svg.escape(machine.jvm()));
        report.missing()
                .forEach((system, command) -> term(
                        Svg.escape(system),
                        "not installed, so not measured; install with <code>" + Svg.escape(command) + "</code>"));
        html.append("</dl>\n<nav><a href=\"#throughput\">Throughput</a> <a href=\"#latency\">Latency</a>"
                + " <a href=\"#cpu\">CPU per message</a> <a href=\"#rows\">All rows</a>"
                + (hasChecks() ? " <a href=\"#checks\">Checks</a>" : "")
                + "</nav></header>\n");
    }

    private void term(String name, String value) {
        html.append("<dt>").append(name).append("</dt><dd>").append(value).append("</dd>");
    }

    private void section(String id, String title, String about, Predicate<Row> shows, Drawing drawing) {
        html.append(String.format(
                Locale.ROOT,
                "<section id=\"%s\"><h2>%s</h2>%n<p>%s</p>%n<div class=\"cards\">%n",
                id,
                title,
                Svg.escape(about)));
        groups.forEach((workload, rows) -> {
            List<Row> shown = rows.stream().filter(shows).toList();
            if (!shown.isEmpty()) {
                String name = workload.scenario() + ", " + workload.payload() + ", " + workload.load();
                html.append("<figure><figcaption>").append(Svg.escape(name)).append("</figcaption>\n");
                html.append(drawing.of(shown, title + ": " + name)).append("</figure>\n");
            }
        });
        html.append("</div></section>\n");
    }

    private String suites() {
        return String.join(
                ", ",
                report.rows().stream()
                        .map(row -> row.workload().suite())
                        .distinct()
                        .toList());
    }

    private static String style() throws IOException {
        try (InputStream file = Objects.requireNonNull(HtmlPage.class.getResourceAsStream(STYLE), STYLE)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
