package io.dray.examples.digest;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds the sentences of a text: of prose, and of the comments of code. Signs of comments, headings and lists at the
 * begin of a line do not count; a line that looks like code, and an empty one, ends a sentence. Stateless.
 */
final class Sentences {
    private static final Pattern MARKS = Pattern.compile("^#!.*|^[\\s*#/>!-]+|\\s*\\*/\\s*$");
    private static final Pattern CODE =
            Pattern.compile("[{}=<>|\\\\$^~\\[\\]_]|[;,(]\\s*$|\\w\\(|\\w\\.\\w|\\p{Cntrl}");
    private static final Pattern WORD = Pattern.compile("\\p{L}+");
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final int FEWEST_WORDS = 5;
    private static final int FEWEST_LETTERS_WITHOUT_BLANKS = 12;
    private static final int LONGEST = 400;
    private static final int MOST = 200;

    private Sentences() {}

    /** At most {@value #MOST} different sentences in the order of the text. */
    static List<String> of(String text) {
        Set<String> sentences = new LinkedHashSet<>();
        StringBuilder paragraph = new StringBuilder();
        text.lines().forEach(line -> {
            String stripped = MARKS.matcher(line).replaceAll("").strip();
            if (stripped.isEmpty() || CODE.matcher(stripped).find()) {
                split(paragraph, sentences);
            } else {
                paragraph.append(stripped).append(' ');
            }
        });
        split(paragraph, sentences);
        return List.copyOf(sentences);
    }

    private static void split(StringBuilder paragraph, Set<String> sentences) {
        String text = BLANKS.matcher(paragraph).replaceAll(" ").strip();
        paragraph.setLength(0);
        BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
        breaks.setText(text);
        int start = breaks.first();
        for (int end = breaks.next(); end != BreakIterator.DONE && sentences.size() < MOST; end = breaks.next()) {
            String sentence = text.substring(start, end).strip();
            if (isWhole(sentence)) {
                sentences.add(sentence);
            }
            start = end;
        }
    }

    private static boolean isWhole(String sentence) {
        if (sentence.length() > LONGEST) {
            return false;
        }
        List<String> words = words(sentence);
        int last = sentence.codePointBefore(sentence.length());
        boolean isOfWords =
                words.size() >= FEWEST_WORDS && BLANKS.splitAsStream(sentence).count() >= FEWEST_WORDS;
        boolean isIdeographic = sentence.length() >= FEWEST_LETTERS_WITHOUT_BLANKS
                && words.stream().anyMatch(word -> Character.isIdeographic(word.codePointAt(0)));
        return !Character.isLetterOrDigit(last) && (isOfWords || isIdeographic);
    }

    /** The words of a sentence, in lower case. */
    static List<String> words(String sentence) {
        List<String> words = new ArrayList<>();
        WORD.matcher(sentence).results().forEach(word -> words.add(word.group().toLowerCase(Locale.ROOT)));
        return words;
    }
}
