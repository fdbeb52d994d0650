package io.dray.core.wire;

import java.nio.charset.StandardCharsets;

/**
 * The forms of names, topics and patterns, over text and over bytes. Stateless; nothing is allocated over bytes.
 *
 * <p>A name is {@code [a-z0-9]([a-z0-9.-]{0,62})}; a topic is 1-16 tokens of {@code [A-Za-z0-9_-]{1,63}} joined by
 * dots; in a pattern {@code *} stands for one token and a last {@code >} for one or more.
 */
public final class Names {
    /** Characters of the longest name. */
    public static final int MAX_NAME_LENGTH = 63;

    /** Tokens of the longest topic or pattern. */
    public static final int MAX_TOPIC_TOKENS = 16;

    /** Characters of the longest token of a topic. */
    public static final int MAX_TOKEN_LENGTH = 63;

    /** What is expected where a name is not one. */
    public static final String NAME_FORM = "[a-z0-9]([a-z0-9.-]{0,62})";

    /** What is expected where a topic is not one. */
    public static final String TOPIC_FORM = "1-16 tokens of [A-Za-z0-9_-]{1,63} joined by dots";

    /** What is expected where a pattern is not one. */
    public static final String PATTERN_FORM = TOPIC_FORM + "; * for one token, a last > for one or more";

    private static final int NAME_START = 1;
    private static final int NAME_PART = 2;
    private static final int TOKEN_PART = 4;
    private static final byte[] KINDS = kinds();

    private Names() {}

    /** Returns whether a text is a name. */
    public static boolean isName(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return isName(bytes, 0, bytes.length);
    }

    /** Returns whether bytes are a name. */
    public static boolean isName(byte[] bytes, int offset, int length) {
        if (length < 1 || length > MAX_NAME_LENGTH || (KINDS[bytes[offset] & 0xff] & NAME_START) == 0) {
            return false;
        }
        int all = NAME_PART;
        for (int i = offset + 1; i < offset + length; i++) {
            all &= KINDS[bytes[i] & 0xff];
        }
        return all != 0;
    }

    /** Returns whether a text is a topic, without wildcards. */
    public static boolean isTopic(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return isTopic(bytes, 0, bytes.length);
    }

    /** Returns whether bytes are a topic, without wildcards. */
    public static boolean isTopic(byte[] bytes, int offset, int length) {
        return isTokens(bytes, offset, length, false);
    }

    /** Returns whether a text is a topic pattern; a topic is one too. */
    public static boolean isPattern(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return isPattern(bytes, 0, bytes.length);
    }

    /** Returns whether bytes are a topic pattern; a topic is one too. */
    public static boolean isPattern(byte[] bytes, int offset, int length) {
        return isTokens(bytes, offset, length, true);
    }

    private static boolean isTokens(byte[] bytes, int offset, int length, boolean wildcards) {
        int end = offset + length;
        int tokens = 0;
        int start = offset;
        while (start <= end) {
            int stop = start;
            while (stop < end && bytes[stop] != '.') {
                stop++;
            }
            boolean last = stop == end;
            if (!isToken(bytes, start, stop - start) && !(wildcards && isWildcard(bytes, start, stop - start, last))) {
                return false;
            }
            tokens++;
            start = stop + 1;
        }
        return tokens <= MAX_TOPIC_TOKENS;
    }

    private static boolean isToken(byte[] bytes, int offset, int length) {
        if (length < 1 || length > MAX_TOKEN_LENGTH) {
            return false;
        }
        int all = TOKEN_PART;
        for (int i = offset; i < offset + length; i++) {
            all &= KINDS[bytes[i] & 0xff];
        }
        return all != 0;
    }

    private static boolean isWildcard(byte[] bytes, int offset, int length, boolean last) {
        return length == 1 && (bytes[offset] == '*' || (last && bytes[offset] == '>'));
    }

    private static byte[] kinds() {
        byte[] kinds = new byte[256];
        for (int i = 0; i < 128; i++) {
            boolean lower = (i >= 'a' && i <= 'z') || (i >= '0' && i <= '9');
            boolean part = lower || i == '.' || i == '-';
            boolean token = lower || (i >= 'A' && i <= 'Z') || i == '_' || i == '-';
            kinds[i] = (byte) ((lower ? NAME_START : 0) | (part ? NAME_PART : 0) | (token ? TOKEN_PART : 0));
        }
        return kinds;
    }
}
