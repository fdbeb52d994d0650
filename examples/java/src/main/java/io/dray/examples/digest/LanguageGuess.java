package io.dray.examples.digest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.Character.UnicodeScript;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Guesses the language of one text by its most common words, by its script where that tells, and says {@code code}
 * where brackets and the like are frequent. A guess is an ISO 639-1 code, {@code code} or {@code unknown}. For one thread.
 */
final class LanguageGuess {
    static final String CODE = "code";
    static final String UNKNOWN = "unknown";

    private static final Map<String, Set<String>> LANGUAGES_BY_WORD = read();
    private static final Map<UnicodeScript, String> LANGUAGES_BY_SCRIPT = Map.of(
            UnicodeScript.HIRAGANA, "ja",
            UnicodeScript.KATAKANA, "ja",
            UnicodeScript.HAN, "zh",
            UnicodeScript.HANGUL, "ko",
            UnicodeScript.GREEK, "el",
            UnicodeScript.HEBREW, "he",
            UnicodeScript.ARABIC, "ar",
            UnicodeScript.THAI, "th",
            UnicodeScript.DEVANAGARI, "hi");
    private static final String CODE_SIGNS = "{}()[];=<>|&_$";
    private static final char LAST_LATIN = '\u024f';

    /** In one letter so many signs make a text code; prose has a tenth of it. */
    private static final double SIGNS_OF_CODE = 0.08;

    /** This share of the words of any prose is on the list of its language. */
    private static final double LEAST_SHARE = 0.08;

    private static final int FEWEST_WORDS = 2;

    /** Japanese is half Han. */
    private static final double SHARE_OF_KANA = 0.1;

    private final Map<String, Double> hits = new HashMap<>();
    private final Map<UnicodeScript, Long> scripts = new EnumMap<>(UnicodeScript.class);
    private long words;
    private long letters;
    private long signs;

    /** Takes the next character. */
    void take(char sign) {
        if (Character.isLetter(sign)) {
            letters++;
            if (sign > LAST_LATIN) {
                scripts.merge(UnicodeScript.of(sign), 1L, Long::sum);
            }
        } else if (CODE_SIGNS.indexOf(sign) >= 0) {
            signs++;
        }
    }

    /** Takes the next word, in lower case; a word that several languages have counts less for each. */
    void take(String word) {
        words++;
        Set<String> languages = LANGUAGES_BY_WORD.getOrDefault(word, Set.of());
        languages.forEach(language -> hits.merge(language, 1.0 / languages.size(), Double::sum));
    }

    /** What it was. */
    String guess() {
        if (signs > letters * SIGNS_OF_CODE) {
            return CODE;
        }
        String byScript = byScript();
        if (!byScript.isEmpty()) {
            return byScript;
        }
        return hits.entrySet().stream()
                .filter(hit -> hit.getValue() >= Math.max(FEWEST_WORDS, words * LEAST_SHARE))
                .max(Comparator.comparingDouble(Map.Entry<String, Double>::getValue)
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .map(Map.Entry::getKey)
                .orElse(UNKNOWN);
    }

    private String byScript() {
        long kana = count(UnicodeScript.HIRAGANA) + count(UnicodeScript.KATAKANA);
        if (kana > letters * SHARE_OF_KANA) {
            return "ja";
        }
        return LANGUAGES_BY_SCRIPT.entrySet().stream()
                .filter(one -> count(one.getKey()) * 2 > letters)
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
    }

    private long count(UnicodeScript script) {
        return scripts.getOrDefault(script, 0L);
    }

    /** A line has a language and its words. */
    private static Map<String, Set<String>> read() {
        try (InputStream in = LanguageGuess.class.getResourceAsStream("languages.txt")) {
            String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            Map<String, Set<String>> languagesByWord = new HashMap<>();
            text.lines()
                    .map(line -> List.of(line.split(" ")))
                    .forEach(line -> line.stream()
                            .skip(1)
                            .forEach(word -> languagesByWord
                                    .computeIfAbsent(word, _ -> new HashSet<>())
                                    .add(line.getFirst())));
            return languagesByWord;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
