package io.dray.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class HtmlPageTest {
    private static final Report REPORT = Reports.of(
            Reports.row(Reports.REQUEST_REPLY, Reports.DRAY, 100_000, 200_000),
            Reports.row(Reports.REQUEST_REPLY, Reports.NATS, 90_000, 100_000),
            Reports.row(Reports.ONE_WAY, new Contender("<&\">", "local", "tcp"), 1_000_000));

    @Test
    void needsNothingFromOutside() throws Exception {
        assertThat(HtmlPage.of(REPORT))
                .doesNotContainPattern("(?i)(src|href)=\"(?!#)")
                .doesNotContain("url(", "@import", "http:", "https:", "<script");
    }

    @Test
    void isWellFormed() throws Exception {
        String body = HtmlPage.of(REPORT);
        String xml = body.substring(body.indexOf("<body>"), body.indexOf("</html>"));

        var document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));

        assertThat(document.getElementsByTagName("figure").getLength()).isEqualTo(6);
        assertThat(document.getElementsByTagName("polyline").getLength()).isEqualTo(3);
        assertThat(document.getElementsByTagName("tr").getLength()).isEqualTo(5);
    }

    @Test
    void eachRowOfTheTableHasACellUnderEachHeading() throws Exception {
        String table = HtmlTable.of(REPORT.rows());

        int headings = table.split("<th", -1).length - 2;
        int ofPeers = table.contains("<tr class=\"peers\"><td></td><td colspan=\"" + (headings - 1) + "\">") ? 2 : 0;
        assertThat(ofPeers).isEqualTo(2);
        assertThat(table.split("<td", -1).length - 1).isEqualTo(REPORT.rows().size() * headings + ofPeers);
    }

    @Test
    void whatWasLostStandsBesideTheRate() {
        String table = HtmlTable.of(List.of(Row.of(
                Reports.ONE_WAY,
                Reports.DRAY,
                List.of(Reports.window(
                        Figures.ofFlood(1_000, new Latency(1, 1, 1), 206), Reports.cost(1, 60, null), 0)),
                List.of())));

        assertThat(table)
                .contains("<th class=\"n\">median/s</th><th class=\"n\">failed</th>")
                .contains("<td class=\"n\">1.00k</td><td class=\"n noisy\">206</td>");
    }

    @Test
    void leadsToChecksWhereThereAreSome() throws Exception {
        Row row = Reports.row(Reports.ONE_WAY, Reports.DRAY, 1_000);

        assertThat(HtmlPage.of(Reports.of(row))).doesNotContain("#checks");
        assertThat(HtmlPage.of(Reports.of(row.with(List.of(Check.atMost("ratio", 1, 2))))))
                .contains("<a href=\"#checks\">", "<section id=\"checks\">");
    }

    @Test
    void drawsACurveAsFarAsItsMessagesGo() {
        // One window of 5 s: 2,100 messages, of which 2 are beyond the 99.9th percentile.
        Row few = Reports.row(Reports.ONE_WAY, Reports.DRAY, 420);
        Row many = Reports.row(Reports.ONE_WAY, Reports.DRAY, 4_000_000);
        Row one = Reports.row(Reports.ONE_WAY, Reports.DRAY, 1);

        assertThat(CurveCard.points(few).getLast().percentile()).isEqualTo(99.75);
        assertThat(CurveCard.points(many).getLast().percentile()).isEqualTo(99.999);
        assertThat(CurveCard.shows(one)).isFalse();
        assertThat(CurveCard.draw(List.of(few), new Palette(List.of(few)), "few"))
                .contains(">P99<")
                .doesNotContain(">P99.9<")
                .contains("latency (logarithmic)", "percentile (logarithmic");
    }

    @Test
    void saysThatItIsPartial() throws Exception {
        Report partial = Reports.partial(REPORT);

        assertThat(HtmlPage.of(REPORT)).doesNotContain("<dt>partial</dt>");
        assertThat(HtmlPage.of(partial)).contains("<dt>partial</dt>");
    }

    @Test
    void saysWhereAndHowItWasMeasured() throws Exception {
        assertThat(HtmlPage.of(REPORT))
                .contains(
                        "./dray bench run --suite messaging",
                        "0123abc",
                        "2026-01-02T03:04:05Z",
                        "Test CPU, 2 cores, 4,096 MB, Test OS, kernel 6.1",
                        "Test VM 25")
                .contains("nats 1.58x");
    }

    @Test
    void drawsBarsInProportionToTheirMedians() throws Exception {
        String html = HtmlPage.of(REPORT);

        double ours = width(html, "dray local uds: median 150k/s, 100k/s to 200k/s");
        double theirs = width(html, "nats local tcp: median 95.0k/s, 90.0k/s to 100k/s");

        assertThat(ours / theirs).isBetween(1.57, 1.59);
    }

    @Test
    void givesEachSystemOneColourAndItsWayOneDash() {
        Palette palette = new Palette(REPORT.rows());
        Contender remote = new Contender("dray", "remote", "tcp");

        assertThat(List.of(palette.fill(Reports.DRAY), palette.fill(Reports.NATS)))
                .containsExactly("f0", "f1");
        assertThat(palette.fill(remote)).isEqualTo("f0");
        assertThat(palette.stroke(Reports.NATS)).isEqualTo("s1 d1");
    }

    private static double width(String html, String tip) {
        var rectangle = Pattern.compile("width=\"([0-9.]+)\" height=\"[0-9.]+\" rx=\"2\"><title>" + Pattern.quote(tip))
                .matcher(html);
        assertThat(rectangle.find()).as(tip).isTrue();
        return Double.parseDouble(rectangle.group(1));
    }
}
