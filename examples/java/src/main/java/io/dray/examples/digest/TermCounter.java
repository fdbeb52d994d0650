package io.dray.examples.digest;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
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
    private static final int CHARS = 8 * 1024;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private final CharBuffer chars = CharBuffer.allocate(CHARS);
    private final Map<String, Integer> counts = new HashMap<>();
    private final StringBuilder term = new StringBuilder();
    private ByteBuffer rest = ByteBuffer.allocate(0);
    private boolean afterLowerCase;

    /** Takes the next piece; a character may be cut in two between pieces. */
    void add(byte[] piece) {
        ByteBuffer bytes = ByteBuffer.allocate(rest.remaining() + piece.length);
        bytes.put(rest).put(piece).flip();
        decode(bytes, false);
        rest = bytes;
    }

    /** Ends the text and returns how often each term occurs in it. */
    Map<String, Integer> finish() {
        decode(rest, true);
        endTerm();
        return Map.copyOf(counts);
    }

    private void decode(ByteBuffer bytes, boolean isLast) {
        boolean isFull = true;
        while (isFull) {
            isFull = decoder.decode(bytes, chars, isLast).isOverflow();
            chars.flip();
            while (chars.hasRemaining()) {
                take(chars.get());
            }
            chars.clear();
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
