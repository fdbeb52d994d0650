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

/** Reads one file to its end: its {@link PlainFile}, if it is UTF-8 without a zero byte. For one file and thread. */
final class TextDigest {
    private static final int BYTES = 64 * 1024;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private final CharBuffer chars = CharBuffer.allocate(2 * BYTES);
    private final MessageDigest sha256;
    private boolean isText = true;
    private long bytes;
    private long lines;

    private TextDigest() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** The figures of a text file; empty when it is not text. */
    static Optional<PlainFile> of(Path file) throws IOException {
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
        return digest.isText ? Optional.of(digest.figures()) : Optional.empty();
    }

    private PlainFile figures() {
        return new PlainFile(HexFormat.of().formatHex(sha256.digest()), bytes, lines);
    }

    private ByteBuffer take(ByteBuffer undecoded, byte[] piece) {
        sha256.update(piece);
        bytes += piece.length;
        for (byte one : piece) {
            isText &= one != 0;
            lines += one == '\n' ? 1 : 0;
        }
        ByteBuffer all = ByteBuffer.allocate(undecoded.remaining() + piece.length);
        all.put(undecoded).put(piece).flip();
        decode(all, false);
        return all;
    }

    private void decode(ByteBuffer coded, boolean isLast) {
        isText &= !decoder.decode(coded, chars.clear(), isLast).isError();
    }
}
