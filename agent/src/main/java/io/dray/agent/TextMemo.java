package io.dray.agent;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The texts that came by lately, with their bytes, since types and names repeat. Belongs to the loop. */
final class TextMemo {
    private static final int SLOTS = 64;
    private static final int MAX_BYTES = 128;
    private static final byte[] NONE = new byte[0];

    private static final class Entry {
        final String text;
        final byte[] bytes;

        Entry(String text, byte[] bytes) {
            this.text = text;
            this.bytes = bytes;
        }
    }

    private final @Nullable Entry[] byText = new Entry[SLOTS];
    private final @Nullable Entry[] byBytes = new Entry[SLOTS];

    /** Returns the UTF-8 bytes of a text; nobody changes them. */
    byte[] bytes(String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        int slot = text.hashCode() & SLOTS - 1;
        Entry known = byText[slot];
        if (known != null && known.text.equals(text)) {
            return known.bytes;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= MAX_BYTES) {
            byText[slot] = new Entry(text, bytes);
        }
        return bytes;
    }

    /** Returns the text of some UTF-8 bytes. */
    String text(byte[] source, int offset, int length) {
        if (length == 0) {
            return "";
        }
        if (length > MAX_BYTES) {
            return new String(source, offset, length, StandardCharsets.UTF_8);
        }
        int slot = slot(source, offset, length);
        Entry known = byBytes[slot];
        if (known != null && Arrays.equals(known.bytes, 0, known.bytes.length, source, offset, offset + length)) {
            return known.text;
        }
        byte[] bytes = Arrays.copyOfRange(source, offset, offset + length);
        var text = new String(bytes, StandardCharsets.UTF_8);
        byBytes[slot] = new Entry(text, bytes);
        return text;
    }

    /** From the ends alone: a wrong guess costs no more than a new string. */
    private static int slot(byte[] source, int offset, int length) {
        int hash = 31 * length + source[offset + length - 1];
        hash = 31 * hash + source[offset + length / 2];
        return 31 * hash + source[offset] & SLOTS - 1;
    }
}
