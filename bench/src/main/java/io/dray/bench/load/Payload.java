package io.dray.bench.load;

import io.dray.bench.mesh.Jvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Contents of messages: a header with what the sink must know, then real text, the sources that are measured. Each
 * message takes the next piece of the text. Used by one thread.
 */
public final class Payload {
    /** Time, run, group and number. */
    public static final int HEADER_BYTES = 20;

    private static final int TEXT_BYTES = 256 * 1024;
    private static final int SEED = 42;

    private final byte[] text;
    private final int length;
    private int offset;
    private int number;

    private Payload(byte[] text, int length) {
        this.text = text;
        this.length = length;
    }

    /**
     * Takes the text of a source tree; random letters where there is none.
     *
     * @param length of each message, at least {@value #HEADER_BYTES}
     * @return the first of all messages comes next
     */
    public static Payload of(int length) {
        byte[] text = ByteBuffer.allocate(Math.max(TEXT_BYTES, 2 * length)).array();
        ByteBuffer rest = ByteBuffer.wrap(text);
        for (Path file : sources(Jvm.repository())) {
            append(file, rest);
        }
        byte[] letters = new byte[rest.remaining()];
        new Random(SEED).ints(letters.length, 'a', 'z' + 1).forEach(letter -> rest.put((byte) letter));
        return new Payload(text, length);
    }

    /**
     * Makes the next message, numbered from 0 on.
     *
     * @param nanos when it was to be sent
     * @param run of messages before it only the same run counts
     * @param confirmEvery messages after which the sink confirms; 0 means never
     */
    byte[] next(long nanos, int run, int confirmEvery) {
        byte[] payload = new byte[length];
        if (offset > text.length - length) {
            offset = 0;
        }
        System.arraycopy(text, offset, payload, 0, length);
        offset += length;
        ByteBuffer.wrap(payload).putLong(nanos).putInt(run).putInt(confirmEvery).putInt(number++);
        return payload;
    }

    private static List<Path> sources(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file ->
                            file.toString().endsWith(".java") || file.toString().endsWith(".md"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void append(Path file, ByteBuffer rest) {
        try {
            byte[] bytes = Files.readString(file).getBytes(StandardCharsets.UTF_8);
            rest.put(bytes, 0, Math.min(bytes.length, rest.remaining()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
