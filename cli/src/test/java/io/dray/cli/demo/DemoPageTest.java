package io.dray.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.dray.router.v1.Task;
import io.dray.router.v1.TaskState;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DemoPageTest {
    private static final String EVIL = "a\n'\"</script><script>alert(1)</script>&\u202e.txt";
    private static final Instant BEGIN = Instant.ofEpochSecond(1_000);
    private static final String INDEX_START = "<script type=\"application/json\" id=\"index\">";

    @Test
    void namesAndTextsOfFilesCannotLeaveTheirPlace() {
        String html = page(EVIL);

        assertThat(html).doesNotContain("<script>alert", "'\"<");
        assertThat(html.substring(0, html.indexOf(INDEX_START))).doesNotContain("\u202e");
        assertThat(html.split("</script>", -1))
                .as("the index and the search, no more")
                .hasSize(3);
        assertThat(html).contains("a\\n&#39;&quot;&lt;/script&gt;");
    }

    @Test
    void theIndexHoldsNamesAndTextsAsTheyAre() {
        String html = page(EVIL);

        int start = html.indexOf(INDEX_START) + INDEX_START.length();
        JsonNode index = JsonMapper.shared().readTree(html.substring(start, html.indexOf("</script>", start)));
        JsonNode file = index.get("files").get(0);

        assertThat(file.get("name").asString()).isEqualTo(EVIL);
        assertThat(file.get("sentences").get(0).asString()).isEqualTo(EVIL);
        assertThat(index.get("terms")
                        .get(file.get("terms").get(0).get(0).asInt())
                        .asString())
                .isEqualTo("harbour");
    }

    @Test
    void asksForNothingElse() {
        String html = page("a.txt");

        assertThat(html)
                .contains("default-src 'none'")
                .doesNotContain("http://", "https://", " src=", "@import", "url(");
    }

    @Test
    void thePictureHasABarForEachAttemptInTheLaneOfItsNode() {
        Task lost = task("1", "node-1", 1, 2, 3).clearFinishedAt().build();
        Task again = task("1", "node-2", 2, 4, 6).build();
        var kill = new Chaos.Kill("node-1", BEGIN.plusSeconds(3), List.of(lost));
        var ofRouter = new Chaos.Kill("router", BEGIN.plusSeconds(5), List.of());

        Timeline timeline = Timeline.of(BEGIN, "node-1", List.of(again), Map.of("1", "a.txt"), List.of(kill, ofRouter));
        String svg = TimelinePicture.of(timeline, List.of("node-1", "node-2"));

        assertThat(timeline.bars())
                .extracting(bar ->
                        bar.node() + " " + bar.kind() + " " + bar.length().toSeconds())
                .containsExactly("node-1 READS 1", "node-1 SUBMITS 0", "node-2 AGAIN 2", "node-1 LOST 1");
        assertThat(svg)
                .contains("<title>a.txt, attempt 2, 2,000 ms from 4.00 s</title>", "k-lost", ">SIGKILL<", ">node-2<")
                .contains(">SIGKILL of the router<");
    }

    @Test
    void theBarStandsBesideWhatItShows() {
        assertThat(page("a.txt"))
                .contains(
                        "<td class=\"n\">1</td><td class=\"bar\">",
                        "<td class=\"n\">1.5</td><td class=\"bar\">",
                        "<th class=\"n\">weight</th><th></th>");
    }

    @Test
    void whereNothingWasDigestedThereIsNoPicture() {
        assertThat(page("a.txt", List.of()))
                .contains("nothing had to be digested")
                .doesNotContain("<svg", "class=\"legend\"");
    }

    private static String page(String file) {
        return page(file, List.of(task("1", "node-1", 1, 2, 3).build()));
    }

    private static String page(String file, List<Task> tasks) {
        var report = new DemoReport(
                1,
                1,
                new TreeMap<>(Map.of("node-1", 1)),
                1,
                new DemoReport.Traffic(1, 1, 1, 1, 1, 1, 1, 1, 1),
                List.of("harbour"),
                List.of(),
                Optional.empty());
        return DemoPage.of(new DemoPage.Content(
                Path.of(file.replace("/", "")),
                BEGIN,
                1.5,
                "",
                report,
                List.of(file + ": a problem"),
                List.of(new Ledger.Entry(file, "1", "node-1", new PlainFile("aa", 10, 1), "en")),
                List.of(new FileDigest(file, List.of(file), List.of(new Scored("harbour", 1.5)))),
                List.of(new Scored("harbour", 1.5)),
                List.of(new LikeFile(file, file, 1)),
                Timeline.of(BEGIN, "node-1", tasks, Map.of("1", file), List.of()),
                List.of("node-1")));
    }

    private static Task.Builder task(String id, String node, int attempts, int assigned, int finished) {
        return Task.newBuilder()
                .setTaskId(id)
                .setNode(node)
                .setState(TaskState.TASK_STATE_SUCCEEDED)
                .setAttempts(attempts)
                .setSubmittedAt(at(1))
                .setAssignedAt(at(assigned))
                .setFinishedAt(at(finished));
    }

    private static Timestamp at(int second) {
        return Timestamp.newBuilder()
                .setSeconds(BEGIN.getEpochSecond() + second)
                .build();
    }
}
