package io.dray.examples.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DuplicatesTest {
    private static final long SEED = 20261122;
    private static final int WORDS = 3_000;
    private static final int RUN = 5;

    private final Random random = new Random(SEED);

    @Test
    void findsTheCopiesThatAreAlikeAmongManyTexts() {
        List<Duplicates.Text> texts = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            texts.add(text("other-" + i, words()));
        }
        List<String> original = words();
        texts.add(text("original", original));
        List<String> near = changed(original, 40);
        texts.add(text("near", near));
        texts.add(text("far", changed(original, 600)));

        var places = Duplicates.of(texts);

        assertThat(places).as("seed %d", SEED).containsOnlyKeys("near", "original");
        double exact = likeness(original, near);
        assertThat(places.values()).allSatisfy(place -> {
            assertThat(place.group()).isEqualTo("original");
            assertThat(place.likeness()).isCloseTo(exact, within(0.1));
        });
    }

    @Test
    void aChainOfLikeTextsIsOneGroup() {
        List<String> first = words();
        List<String> second = changed(first, 30);
        List<String> third = changed(second, 30);

        var places = Duplicates.of(List.of(text("a", first), text("b", second), text("c", third)));

        assertThat(places.values())
                .as("seed %d", SEED)
                .hasSize(3)
                .extracting(Duplicates.Place::group)
                .containsOnly("a");
    }

    @Test
    void textsTooShortForASketchAreAlikeOnlyWhenTheyAreTheSame() {
        var one =
                new Duplicates.Text("a", "aa", text("a", List.of("one", "two")).sketch());

        assertThat(Duplicates.of(List.of(one, new Duplicates.Text("b", "bb", one.sketch()))))
                .isEmpty();
        assertThat(Duplicates.of(List.of(one, new Duplicates.Text("c", "aa", one.sketch()))))
                .containsEntry("a", new Duplicates.Place("a", 1))
                .containsEntry("c", new Duplicates.Place("a", 1));
    }

    private List<String> words() {
        return IntStream.range(0, WORDS).mapToObj(_ -> word()).toList();
    }

    private String word() {
        return "w" + random.nextInt(5_000);
    }

    private List<String> changed(List<String> words, int count) {
        List<String> changed = new ArrayList<>(words);
        for (int i = 0; i < count; i++) {
            changed.set(random.nextInt(changed.size()), word());
        }
        return changed;
    }

    private static Duplicates.Text text(String file, List<String> words) {
        Shingles shingles = new Shingles();
        words.forEach(shingles::take);
        return new Duplicates.Text(file, file, shingles.sketch());
    }

    /** The exact share of common runs. */
    private static double likeness(List<String> one, List<String> other) {
        Set<List<String>> union = runs(one);
        Set<List<String>> common = new HashSet<>(union);
        common.retainAll(runs(other));
        union.addAll(runs(other));
        return (double) common.size() / union.size();
    }

    private static Set<List<String>> runs(List<String> words) {
        Set<List<String>> runs = new HashSet<>();
        for (int i = 0; i + RUN <= words.size(); i++) {
            runs.add(List.copyOf(words.subList(i, i + RUN)));
        }
        return runs;
    }
}
