package io.dray.examples.digest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IndexTest {
    private final Index index = new Index();

    @Test
    void keepsTheFirstDigestOfAFile() {
        add("a.txt", "task-1", Map.of("harbour", 1.0));
        add("a.txt", "task-2", Map.of("harbour", 9.0));

        assertThat(index.size()).isEqualTo(1);
        assertThat(index.repeated()).isEqualTo(1);
        assertThat(index.after("", 10)).extracting(Index.Entry::taskId).containsExactly("task-1");
        assertThat(index.topTerms(5)).containsExactly(new Index.Scored("harbour", 1.0));
    }

    @Test
    void aLateDigestByATaskOfAnEarlierViewIsRepeated() {
        add("a.txt", "task-1", Map.of("harbour", 1.0));
        index.clear();

        add("a.txt", "task-1", Map.of("harbour", 1.0));
        add("a.txt", "task-2", Map.of("lantern", 2.0));

        assertThat(index.repeated()).isEqualTo(1);
        assertThat(index.after("", 10)).extracting(Index.Entry::taskId).containsExactly("task-2");
        assertThat(index.topTerms(5)).containsExactly(new Index.Scored("lantern", 2.0));
    }

    @Test
    void findsTheFilesInWhichTheWordsTellMost() {
        add("a.txt", "1", Map.of("harbour", 1.0));
        add("b.txt", "2", Map.of("harbour", 2.0, "lantern", 3.0));
        add("c.txt", "3", Map.of("lantern", 4.0));

        assertThat(index.find(List.of("harbour", "lantern"), 2))
                .containsExactly(new Index.Scored("b.txt", 5.0), new Index.Scored("c.txt", 4.0));
        assertThat(index.find(List.of("unknown"), 2)).isEmpty();
    }

    @Test
    void equalScoresAreOrderedByName() {
        add("a.txt", "1", Map.of("mole", 1.0, "anchor", 1.0, "sail", 2.0));

        assertThat(index.topTerms(3)).extracting(Index.Scored::name).containsExactly("sail", "anchor", "mole");
    }

    @Test
    void pagesThroughAllEntriesByName() {
        add("b.txt", "2", Map.of());
        add("a.txt", "1", Map.of());
        add("c.txt", "3", Map.of());

        assertThat(index.after("", 2)).extracting(Index.Entry::file).containsExactly("a.txt", "b.txt");
        assertThat(index.after("b.txt", 2)).extracting(Index.Entry::file).containsExactly("c.txt");
        assertThat(index.after("c.txt", 2)).isEmpty();
    }

    private void add(String file, String taskId, Map<String, Double> scores) {
        index.add(new Index.Entry(file, taskId, "node-1", "00", 1), new Digest("en", 1, List.of(), "", scores));
    }
}
