package io.dray.examples.digest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a digester tells of one text; as payload it is lines with a word and a tab before each value.
 * Immutable.
 *
 * @param language ISO 639-1 code, {@code code} or {@code unknown}
 * @param lines how many line feeds it has
 * @param sentences key sentences in the order of the text
 * @param sketch of {@link Shingles}, in Base64; empty when there is none
 * @param scores of the most telling terms
 */
record Digest(String language, long lines, List<String> sentences, String sketch, Map<String, Double> scores) {
    private static final String SENTENCE = "sentence";
    private static final String SKETCH = "sketch";
    private static final String TERM = "term";

    /** The payload: all but language and lines, which go as headers. */
    String text() {
        StringBuilder text = new StringBuilder();
        sentences.forEach(sentence -> line(text, SENTENCE, sentence));
        line(text, SKETCH, sketch);
        Lines.ofScores(scores).lines().forEach(line -> line(text, TERM, line));
        return text.toString();
    }

    static Digest parse(String language, long lines, String text) {
        List<String> sentences = new ArrayList<>();
        List<String> scores = new ArrayList<>();
        Map<String, String> sketches = new HashMap<>();
        text.lines().map(line -> line.split("\t", 2)).forEach(cells -> {
            switch (cells[0]) {
                case SENTENCE -> sentences.add(cells[1]);
                case SKETCH -> sketches.put(SKETCH, cells[1]);
                case TERM -> scores.add(cells[1]);
                default ->
                    throw new IllegalArgumentException("line: " + cells[0] + " (expected: sentence, sketch or term)");
            }
        });
        String sketch = sketches.getOrDefault(SKETCH, "");
        return new Digest(language, lines, sentences, sketch, Lines.scores(String.join("\n", scores)));
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(name).append('\t').append(value).append('\n');
    }
}
