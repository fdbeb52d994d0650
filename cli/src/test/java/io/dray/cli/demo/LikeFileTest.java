package io.dray.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LikeFileTest {
    private static final Map<String, PlainFile> FILES = new TreeMap<>(Map.of(
            "a", new PlainFile("aa", 1, 0),
            "b", new PlainFile("aa", 1, 0),
            "c", new PlainFile("cc", 1, 0),
            "empty", new PlainFile("e3", 0, 0),
            "void", new PlainFile("e3", 0, 0)));

    @Test
    void filesWithTheSameContentInOneGroupAreExact() {
        assertThat(LikeFile.problems(FILES, List.of(in("a", "a"), in("b", "a"), in("c", "a"))))
                .isEmpty();
    }

    @Test
    void equalFilesApartOrMissingAreTold() {
        assertThat(LikeFile.problems(FILES, List.of()))
                .singleElement()
                .asString()
                .startsWith("b: not among the near-duplicates of a");
        assertThat(LikeFile.problems(FILES, List.of(in("a", "a"), in("c", "a"), in("b", "b"), in("x", "b"))))
                .hasSize(1);
    }

    @Test
    void aGroupOfOneIsTold() {
        assertThat(LikeFile.problems(Map.of(), List.of(in("c", "c")))).hasSize(1);
    }

    @Test
    void theGreatestGroupComesFirst() {
        assertThat(LikeFile.groups(List.of(in("a", "a"), in("b", "b"), in("c", "b"), in("d", "b"), in("e", "a"))))
                .extracting(List::size)
                .containsExactly(3, 2);
    }

    private static LikeFile in(String file, String group) {
        return new LikeFile(file, group, 1);
    }
}
