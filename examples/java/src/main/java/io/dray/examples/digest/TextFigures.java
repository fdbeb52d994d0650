package io.dray.examples.digest;

import java.nio.CharBuffer;
import java.util.List;

/**
 * What is said of one UTF-8 text besides its terms: lines, language, key sentences and a sketch for finding texts like
 * it. The text comes in pieces and is not kept but for its begin, where sentences are looked for. For one thread.
 */
final class TextFigures {
    private static final int HEAD_CHARS = 128 * 1024;
    private static final int SENTENCES = 3;
    private static final int LONGEST_WORD = 100;

    private final CharPieces pieces = new CharPieces(this::take);
    private final LanguageGuess language = new LanguageGuess();
    private final Shingles shingles = new Shingles();
    private final StringBuilder head = new StringBuilder();
    private final StringBuilder word = new StringBuilder();
    private long lines;

    /** Takes the next piece; a character may be cut in two between pieces. */
    void add(byte[] piece) {
        pieces.add(piece);
    }

    /** Ends the text. */
    void finish() {
        pieces.finish();
        endWord();
    }

    /** How many line feeds there are. */
    long lines() {
        return lines;
    }

    String language() {
        return language.guess();
    }

    List<String> sentences() {
        return TextRank.best(Sentences.of(head.toString()), SENTENCES);
    }

    String sketch() {
        return shingles.sketch();
    }

    private void take(CharBuffer chars) {
        head.append(chars, 0, Math.min(chars.remaining(), HEAD_CHARS - head.length()));
        while (chars.hasRemaining()) {
            take(chars.get());
        }
    }

    private void take(char sign) {
        language.take(sign);
        if (sign == '\n') {
            lines++;
        }
        if (!Character.isLetterOrDigit(sign) && !Character.isSurrogate(sign)) {
            endWord();
        } else if (word.length() < LONGEST_WORD) {
            word.append(Character.toLowerCase(sign));
        }
    }

    private void endWord() {
        if (word.isEmpty()) {
            return;
        }
        String whole = word.toString();
        word.setLength(0);
        language.take(whole);
        shingles.take(whole);
    }
}
