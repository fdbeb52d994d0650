package io.dray.cli.demo;

import io.dray.cli.output.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a demo found as one page for a browser, which needs and may ask for nothing else. Names and texts of
 * files come from elsewhere: all are escaped, and the search writes them as text. For one thread.
 */
final class DemoPage {
    /** Terms that the page asks the indexer for. */
    static final int TERMS = 30;

    private static final int SHOWN_GROUPS = 200;
    private static final int SHOWN_OF_GROUP = 100;

    private final Content content;
    private final StringBuilder html = new StringBuilder();

    /**
     * All that the page shows.
     *
     * @param problems why the ledger is not exact
     */
    record Content(
            Path folder,
            Instant at,
            double seconds,
            String leftOut,
            DemoReport report,
            List<String> problems,
            List<Ledger.Entry> entries,
            List<FileDigest> digests,
            List<Scored> terms,
            List<LikeFile> likeFiles,
            Timeline timeline,
            List<String> nodes) {}

    private DemoPage(Content content) {
        this.content = content;
    }

    static String of(Content content) {
        return new DemoPage(content).make();
    }

    private String make() {
        String title = "Dray: digest of " + Markup.name(String.valueOf(content.folder()));
        add("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        add("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline';"
                + " script-src 'unsafe-inline'\">\n");
        add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        add("<title>" + title + "</title>\n<style>\n" + resource("page.css") + "</style>\n</head>\n<body>\n");
        head(title);
        overview();
        timeline();
        terms();
        groups();
        search();
        add("<script type=\"application/json\" id=\"index\">" + Markup.json(index().toString()) + "</script>\n");
        add("<script>\n" + resource("page.js") + "</script>\n</body>\n</html>\n");
        return html.toString();
    }

    private void head(String title) {
        DemoReport report = content.report();
        add("<header><h1>" + title + "</h1>\n<dl>");
        term("when", content.at().truncatedTo(ChronoUnit.SECONDS) + ", " + decimal(content.seconds()) + " s");
        term("files", number(report.files()) + Markup.escape(content.leftOut()));
        boolean isExact = content.problems().isEmpty();
        term(
                "digested",
                "<span class=\"" + (isExact ? "good" : "bad") + "\">" + number(report.digested()) + " of "
                        + number(report.files())
                        + " exactly once</span>, by name, SHA-256, bytes and lines of a plain walk");
        term(
                "tasks",
                number(report.attempts()) + " attempts; "
                        + report.tasksByNode().entrySet().stream()
                                .map(node -> Markup.name(node.getKey()) + " " + number(node.getValue()))
                                .collect(Collectors.joining(", ")));
        report.known().ifPresent(known -> {
            term("answers", DemoTable.answers(report, known));
            term("time saved", DemoTable.saved(known));
        });
        if (!report.killed().isEmpty()) {
            term("killed", Markup.name(String.join(", ", report.killed())) + " (SIGKILL in the middle)");
        }
        var traffic = report.traffic();
        term(
                "messages",
                number(traffic.messagesLocal()) + " local, " + number(traffic.messagesRemote()) + " between nodes; "
                        + number(traffic.bytesRaw()) + " bytes on links, " + number(traffic.bytesWire())
                        + " after compression");
        content.problems().stream()
                .limit(DemoEnd.SHOWN_PROBLEMS)
                .forEach(problem -> term("problem", "<span class=\"bad\">" + Markup.name(problem) + "</span>"));
        add("</dl>\n<nav><a href=\"#overview\">Overview</a><a href=\"#timeline\">Which node did what when</a>"
                + "<a href=\"#terms\">Terms</a><a href=\"#duplicates\">Near-duplicates</a>"
                + "<a href=\"#search\">Search</a></nav></header>\n");
    }

    private void term(String name, String markup) {
        add("<dt>" + name + "</dt><dd>" + markup + "</dd>");
    }

    private void overview() {
        add("<section id=\"overview\"><h2>Overview</h2>\n<p>The language is a guess by common words and script;"
                + " <i>code</i> has many brackets, <i>unknown</i> too few common words.</p>\n<div class=\"cards\">\n");
        breakdown("Languages", Ledger.Entry::language);
        breakdown("Kinds of files", entry -> ending(entry.file()));
        add("</div></section>\n");
    }

    private interface Feature {
        String of(Ledger.Entry entry);
    }

    /** Files, bytes and lines by a feature, most files first. */
    private void breakdown(String title, Feature feature) {
        Map<String, long[]> sums = new TreeMap<>();
        for (Ledger.Entry entry : content.entries()) {
            long[] sum = sums.computeIfAbsent(feature.of(entry), _ -> new long[3]);
            sum[0]++;
            sum[1] += entry.figures().bytes();
            sum[2] += entry.figures().lines();
        }
        long most = sums.values().stream().mapToLong(sum -> sum[0]).max().orElse(1);
        add("<figure><figcaption>" + title + "</figcaption>\n<table><thead><tr><th></th><th class=\"n\">files</th>"
                + "<th></th><th class=\"n\">lines</th><th class=\"n\">bytes</th></tr></thead>\n");
        sums.entrySet().stream()
                .sorted((one, other) -> Long.compare(other.getValue()[0], one.getValue()[0]))
                .limit(12)
                .forEach(row -> add("<tr><td><code>" + Markup.name(row.getKey()) + "</code></td><td class=\"n\">"
                        + number(row.getValue()[0]) + "</td>" + bar((double) row.getValue()[0] / most)
                        + "<td class=\"n\">" + number(row.getValue()[2]) + "</td><td class=\"n\">"
                        + number(row.getValue()[1]) + "</td></tr>\n"));
        add("</table>" + (sums.size() > 12 ? "<p>and " + (sums.size() - 12) + " more</p>" : "") + "</figure>\n");
    }

    private static String ending(String file) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        int dot = name.lastIndexOf('.');
        return dot > 0 && name.length() - dot <= 12 ? name.substring(dot) : "without ending";
    }

    private void timeline() {
        Timeline timeline = content.timeline();
        add("<section id=\"timeline\"><h2>Which node did what when</h2>\n");
        if (timeline.bars().isEmpty()) {
            add("<p>All was known: nothing had to be digested.</p></section>\n");
            return;
        }
        int left = timeline.bars().size() - TimelinePicture.MOST_BARS;
        add("<p>Time since the reader was asked. A lane is a node, a bar an attempt; the pointer shows its"
                + " file."
                + (left > 0 ? " The " + number(left) + " shortest are left out." : "")
                + "</p>\n<figure><div class=\"scroll\">\n");
        add(TimelinePicture.of(timeline, content.nodes()));
        add("</div>\n<ul class=\"legend\">");
        Arrays.stream(Timeline.Kind.values())
                .filter(kind -> timeline.bars().stream().anyMatch(bar -> bar.kind() == kind))
                .forEach(kind -> add("<li><svg width=\"12\" height=\"12\"><rect class=\"" + TimelinePicture.style(kind)
                        + "\" width=\"12\" height=\"12\"/></svg>" + kind.words() + "</li>"));
        add("</ul></figure></section>\n");
    }

    private void terms() {
        double most = content.terms().isEmpty() ? 1 : content.terms().getFirst().score();
        Map<String, Integer> files = new HashMap<>();
        content.digests().forEach(digest -> digest.terms().forEach(term -> files.merge(term.name(), 1, Integer::sum)));
        add("""
            <section id="terms"><h2>Terms</h2>
            <p>The most telling: the sum of TF-IDF over all files. <i>files</i>: of how many it is one of the 40 most
            telling.</p>
            <div class="cards">
            """);
        int half = (content.terms().size() + 1) / 2;
        for (List<Scored> part : List.of(
                content.terms().subList(0, half),
                content.terms().subList(half, content.terms().size()))) {
            add("<div class=\"card\"><table><thead><tr><th>term</th><th class=\"n\">weight</th>"
                    + "<th></th><th class=\"n\">files</th></tr></thead>\n");
            part.forEach(term -> add("<tr><td><button type=\"button\" data-term=\"" + Markup.escape(term.name()) + "\">"
                    + Markup.name(term.name()) + "</button></td><td class=\"n\">" + decimal(term.score())
                    + "</td>" + bar(term.score() / most) + "<td class=\"n\">"
                    + number(files.getOrDefault(term.name(), 0)) + "</td></tr>\n"));
            add("</table></div>\n");
        }
        add("</div></section>\n");
    }

    private void groups() {
        List<List<LikeFile>> groups = LikeFile.groups(content.likeFiles());
        add("<section id=\"duplicates\"><h2>Near-duplicates</h2>\n<p>"
                + (groups.isEmpty()
                        ? "No two files have 80 % in common."
                        : Found.of(content.entries(), content.likeFiles()).nearDuplicates()
                                + ": each has at least 80 % of its runs of five words in common with another"
                                + " of its group (estimated by MinHash; 100 % may differ in signs).")
                + "</p>\n");
        groups.stream().limit(SHOWN_GROUPS).forEach(this::group);
        if (groups.size() > SHOWN_GROUPS) {
            add("<p>and " + number(groups.size() - SHOWN_GROUPS) + " smaller groups</p>\n");
        }
        add("</section>\n");
    }

    private void group(List<LikeFile> files) {
        add("<details" + (files.size() <= 4 ? " open" : "") + "><summary>" + number(files.size()) + " files like <code>"
                + Markup.name(files.getFirst().file()) + "</code></summary><ul>\n");
        files.stream()
                .limit(SHOWN_OF_GROUP)
                .forEach(file -> add("<li><code>" + Markup.name(file.file()) + "</code> <span class=\"soft\">"
                        + Math.round(file.likeness() * 100) + " %</span></li>\n"));
        if (files.size() > SHOWN_OF_GROUP) {
            add("<li>and " + number(files.size() - SHOWN_OF_GROUP) + " more</li>\n");
        }
        add("</ul></details>\n");
    }

    private void search() {
        add("<section id=\"search\"><h2>Search</h2>\n"
                + "<p>In the 40 most telling terms of each file, and in their names.</p>\n"
                + "<div class=\"find\"><input id=\"words\" type=\"search\" placeholder=\"some words\""
                + " aria-label=\"Words to search for\" autocomplete=\"off\"><span id=\"count\" class=\"soft\""
                + " role=\"status\"></span></div>\n"
                + "<div id=\"results\"></div>\n"
                + "<noscript><p>The search needs JavaScript.</p></noscript></section>\n");
    }

    /** What the search reads: all files, and of each its terms by number with their weight. */
    private ObjectNode index() {
        Map<String, FileDigest> digests = new HashMap<>();
        content.digests().forEach(digest -> digests.put(digest.file(), digest));
        Map<String, Integer> numbers = new HashMap<>();
        ObjectNode index = Json.object();
        ArrayNode terms = index.putArray("terms");
        ArrayNode files = index.putArray("files");
        for (Ledger.Entry entry : content.entries()) {
            ObjectNode file = files.addObject()
                    .put("name", entry.file())
                    .put("shown", Markup.visible(entry.file()))
                    .put("language", entry.language())
                    .put("bytes", entry.figures().bytes())
                    .put("lines", entry.figures().lines())
                    .put("node", entry.node());
            FileDigest digest = digests.getOrDefault(entry.file(), new FileDigest(entry.file(), List.of(), List.of()));
            digest.sentences().forEach(file.putArray("sentences")::add);
            ArrayNode weights = file.putArray("terms");
            for (Scored term : digest.terms()) {
                Integer known = numbers.putIfAbsent(term.name(), numbers.size());
                if (known == null) {
                    terms.add(term.name());
                }
                weights.addArray()
                        .add(known == null ? numbers.size() - 1 : known)
                        .add(Math.round(term.score() * 100) / 100.0);
            }
        }
        return index;
    }

    private static String bar(double share) {
        return String.format(Locale.ROOT, "<td class=\"bar\"><i style=\"width:%.1f%%\"></i></td>", share * 100);
    }

    private static String decimal(double number) {
        return String.format(Locale.ROOT, "%,.1f", number);
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private void add(String markup) {
        html.append(markup);
    }

    private static String resource(String name) {
        try (InputStream file = Objects.requireNonNull(DemoPage.class.getResourceAsStream(name), name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
