package io.dray.examples.digest;

import java.nio.CharBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts the terms of one UTF-8 text that comes in pieces. A term is a run of letters in lower case; {@code camelCase}
 * is two. Stop words, terms under {@value #SHORTEST} and over {@value #LONGEST} letters do not count. For one thread.
 */
final class TermCounter {
    private static final int SHORTEST = 3;
    private static final int LONGEST = 40;
    private static final int MOST_TERMS = 50_000;

    private final CharPieces pieces = new CharPieces(this::take);
    private final Map<String, Integer> counts = new HashMap<>();
    private final StringBuilder term = new StringBuilder();
    private boolean afterLowerCase;

    /** Takes the next piece; a character may be cut in two between pieces. */
    void add(byte[] piece) {
        pieces.add(piece);
    }

    /** Ends the text and returns how often each term occurs in it. */
    Map<String, Integer> finish() {
        pieces.finish();
        endTerm();
        return Map.copyOf(counts);
    }

    private void take(CharBuffer chars) {
        while (chars.hasRemaining()) {
            take(chars.get());
        }
    }

    private void take(char letter) {
        if (!Character.isLetter(letter)) {
            endTerm();
            return;
        }
        if (Character.isUpperCase(letter) && afterLowerCase) {
            endTerm();
        }
        afterLowerCase = Character.isLowerCase(letter);
        if (term.length() <= LONGEST) {
            term.append(Character.toLowerCase(letter));
        }
    }

    private void endTerm() {
        afterLowerCase = false;
        String whole = term.toString();
        term.setLength(0);
        if (whole.length() < SHORTEST || whole.length() > LONGEST || StopWords.contains(whole)) {
            return;
        }
        if (counts.size() < MOST_TERMS || counts.containsKey(whole)) {
            counts.merge(whole, 1, Integer::sum);
        }
    }
}
