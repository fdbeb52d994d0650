package io.dray.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.router.v1.Task;
import io.dray.router.v1.TaskState;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final Map<String, PlainFile> FILES = Map.of("a.txt", figures("aa"), "b.txt", figures("bb"));
    private static final List<String> NODES = List.of("node-1", "node-2", "node-3");

    @Test
    void oneEntryAndOneSucceededTaskForEachFileIsExact() {
        Ledger ledger = compare(
                List.of(entry("a.txt", "1", "aa"), entry("b.txt", "2", "bb")),
                List.of(succeeded("1", "node-1", 1), succeeded("2", "node-3", 2)));

        assertThat(ledger.isExact()).isTrue();
        assertThat(ledger.digested()).isEqualTo(2);
        assertThat(ledger.attempts()).isEqualTo(3);
        assertThat(ledger.tasksByNode()).isEqualTo(Map.of("node-1", 1, "node-2", 0, "node-3", 1));
    }

    @Test
    void aMissingFileIsToldByName() {
        Ledger ledger = compare(List.of(entry("a.txt", "1", "aa")), List.of(succeeded("1", "node-1", 1)));

        assertThat(ledger.digested()).isEqualTo(1);
        assertThat(ledger.problems()).singleElement().asString().startsWith("b.txt: not digested");
    }

    @Test
    void anotherHashIsToldWithBoth() {
        Ledger ledger = compare(
                List.of(entry("a.txt", "1", "aa"), entry("b.txt", "2", "xx")),
                List.of(succeeded("1", "node-1", 1), succeeded("2", "node-1", 1)));

        assertThat(ledger.problems()).singleElement().asString().startsWith("b.txt: SHA-256 xx (expected: bb");
    }

    @Test
    void anotherCountOfLinesIsToldWithBoth() {
        var other = new Ledger.Entry("b.txt", "2", "node-1", new PlainFile("bb", 20, 3), "en");

        Ledger ledger = compare(
                List.of(entry("a.txt", "1", "aa"), other),
                List.of(succeeded("1", "node-1", 1), succeeded("2", "node-1", 1)));

        assertThat(ledger.problems()).containsExactly("b.txt: 20 bytes and 3 lines (expected: 20 and 2)");
    }

    @Test
    void aSecondTaskForAFileIsNotExact() {
        Ledger ledger = compare(
                List.of(entry("a.txt", "1", "aa"), entry("b.txt", "2", "bb")),
                List.of(succeeded("1", "node-1", 1), succeeded("2", "node-1", 1), succeeded("3", "node-1", 1)));

        assertThat(ledger.digested()).isEqualTo(2);
        assertThat(ledger.problems())
                .singleElement()
                .asString()
                .contains("task 3")
                .contains("no digested file");
    }

    @Test
    void oneTaskForTwoFilesIsNotExact() {
        Ledger ledger = compare(
                List.of(entry("a.txt", "1", "aa"), entry("b.txt", "1", "bb")), List.of(succeeded("1", "node-1", 1)));

        assertThat(ledger.digested()).isEqualTo(1);
        assertThat(ledger.problems()).singleElement().asString().contains("shares task 1");
    }

    @Test
    void aFileDigestedTwiceOrUnknownIsNotExact() {
        Ledger ledger = compare(
                List.of(
                        entry("a.txt", "1", "aa"),
                        entry("b.txt", "2", "bb"),
                        entry("b.txt", "2", "bb"),
                        entry("c", "3", "")),
                List.of(succeeded("1", "node-1", 1), succeeded("2", "node-1", 1)));

        assertThat(ledger.problems())
                .containsExactly("b.txt: digested twice", "c: digested, but the walk of the folder did not find it");
    }

    @Test
    void aTaskThatDidNotSucceedIsToldWithItsState() {
        Task failed = Task.newBuilder()
                .setTaskId("2")
                .setState(TaskState.TASK_STATE_FAILED)
                .setAttempts(10)
                .build();

        Ledger ledger = compare(
                List.of(entry("a.txt", "1", "aa"), entry("b.txt", "2", "bb")),
                List.of(succeeded("1", "node-1", 1), failed));

        assertThat(ledger.problems()).containsExactly("b.txt: task 2 is FAILED after 10 attempts");
    }

    @Test
    void aTaskOfAnEarlierDemoServesAllFilesOfItsContentAndIsNotCounted() {
        Map<String, PlainFile> files =
                Map.of("a.txt", figures("aa"), "copy.txt", figures("aa"), "b.txt", figures("bb"));
        List<Task> tasks =
                List.of(succeeded("1", "node-1", 1), succeeded("2", "node-2", 1), succeeded("9", "node-1", 1));

        Ledger ledger = Ledger.compare(
                files,
                List.of(entry("a.txt", "1", "aa"), entry("copy.txt", "1", "aa"), entry("b.txt", "2", "bb")),
                tasks,
                Set.of("1", "9"),
                NODES);

        assertThat(ledger.problems()).isEmpty();
        assertThat(ledger.digested()).isEqualTo(3);
        assertThat(ledger.attempts()).isEqualTo(1);
        assertThat(ledger.tasksByNode()).isEqualTo(Map.of("node-1", 0, "node-2", 1, "node-3", 0));
    }

    private static Ledger compare(List<Ledger.Entry> index, List<Task> tasks) {
        return Ledger.compare(FILES, index, tasks, Set.of(), NODES);
    }

    private static Ledger.Entry entry(String file, String task, String sha256) {
        return new Ledger.Entry(file, task, "node-1", figures(sha256), "en");
    }

    private static PlainFile figures(String sha256) {
        return new PlainFile(sha256, 20, 2);
    }

    private static Task succeeded(String id, String node, int attempts) {
        return Task.newBuilder()
                .setTaskId(id)
                .setState(TaskState.TASK_STATE_SUCCEEDED)
                .setNode(node)
                .setAttempts(attempts)
                .build();
    }
}
