package io.dray.examples.digest;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Decodes one UTF-8 text that comes in pieces; a character may be cut in two between pieces. For one thread. */
final class CharPieces {
    private static final int CHARS = 8 * 1024;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private final CharBuffer chars = CharBuffer.allocate(CHARS);
    private final Consumer<CharBuffer> taker;
    private ByteBuffer rest = ByteBuffer.allocate(0);

    /** The taker gets a buffer with characters, which it has to read within the call. */
    CharPieces(Consumer<CharBuffer> taker) {
        this.taker = taker;
    }

    void add(byte[] piece) {
        ByteBuffer bytes = ByteBuffer.allocate(rest.remaining() + piece.length);
        bytes.put(rest).put(piece).flip();
        decode(bytes, false);
        rest = bytes;
    }

    /** Ends the text. */
    void finish() {
        decode(rest, true);
    }

    private void decode(ByteBuffer bytes, boolean isLast) {
        boolean isFull = true;
        while (isFull) {
            isFull = decoder.decode(bytes, chars, isLast).isOverflow();
            taker.accept(chars.flip());
            chars.clear();
        }
    }
}
