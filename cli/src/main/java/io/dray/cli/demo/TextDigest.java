package io.dray.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** Reads one file to its end: its SHA-256, and whether it is UTF-8 without a zero byte. For one file and thread. */
final class TextDigest {
    private static final int BYTES = 64 * 1024;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private final CharBuffer chars = CharBuffer.allocate(2 * BYTES);
    private final MessageDigest sha256;
    private boolean isText = true;

    private TextDigest() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** The SHA-256 of a text file in hex; empty when it is not text. */
    static Optional<String> of(Path file) throws IOException {
        TextDigest digest = new TextDigest();
        ByteBuffer undecoded = ByteBuffer.allocate(0);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] piece = in.readNBytes(BYTES);
            while (piece.length > 0 && digest.isText) {
                undecoded = digest.take(undecoded, piece);
                piece = in.readNBytes(BYTES);
            }
        }
        digest.decode(undecoded, true);
        return digest.isText ? Optional.of(HexFormat.of().formatHex(digest.sha256.digest())) : Optional.empty();
    }

    private ByteBuffer take(ByteBuffer undecoded, byte[] piece) {
        sha256.update(piece);
        for (byte one : piece) {
            isText &= one != 0;
        }
        ByteBuffer bytes = ByteBuffer.allocate(undecoded.remaining() + piece.length);
        bytes.put(undecoded).put(piece).flip();
        decode(bytes, false);
        return bytes;
    }

    private void decode(ByteBuffer bytes, boolean isLast) {
        isText &= !decoder.decode(bytes, chars.clear(), isLast).isError();
    }
}
