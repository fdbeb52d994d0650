package io.dray.bench.micro;

import io.dray.core.wire.ZstdFrames;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Zstandard over link frames of words, with contexts that are reused and with fresh ones. */
@State(Scope.Thread)
public class FrameCompressorBench {
    private static final long SEED = 20_261_121;
    private static final String[] WORDS = {
        "agent",
        "sidecar",
        "router",
        "message",
        "the",
        "of",
        "and",
        "envelope",
        "queue",
        "\"status\":",
        "{\"id\":",
        "},",
        "window",
        "receipt",
        "a",
        "to",
        "node",
        "lane",
        "frame",
        "link"
    };

    /** Size of the frame before compression. */
    @Param({"1024", "16384", "65536"})
    public int frameBytes;

    private final ZstdFrames frames = new ZstdFrames();
    private byte[] raw = new byte[0];
    private byte[] compressed = new byte[0];
    private byte[] restored = new byte[0];
    private int compressedBytes;

    /** Writes words and numbers from a fixed seed. */
    @Setup
    public void write() {
        Random random = new Random(SEED);
        StringBuilder text = new StringBuilder();
        while (text.length() < frameBytes) {
            text.append(WORDS[random.nextInt(WORDS.length)])
                    .append(' ')
                    .append(random.nextInt(100_000))
                    .append(' ');
        }
        text.setLength(frameBytes);
        raw = text.toString().getBytes(StandardCharsets.US_ASCII);
        restored = new byte[frameBytes];
        compressed = new byte[ZstdFrames.maxCompressedLength(frameBytes)];
        compressedBytes = compress();
    }

    /**
     * Compresses as an event loop does.
     *
     * @return bytes written
     */
    @Benchmark
    public final int compress() {
        return frames.compress(raw, 0, raw.length, compressed, 0);
    }

    /**
     * Compresses with contexts made for the one frame.
     *
     * @return bytes written
     */
    @Benchmark
    public int compressWithFreshContexts() {
        try (ZstdFrames fresh = new ZstdFrames()) {
            return fresh.compress(raw, 0, raw.length, compressed, 0);
        }
    }

    /**
     * Checks the header and decompresses.
     *
     * @return bytes written
     */
    @Benchmark
    public int decompress() {
        if (ZstdFrames.check(compressed, 0, compressedBytes, frameBytes, frameBytes) != null) {
            throw new IllegalStateException("check: refused (expected: good)");
        }
        return frames.decompress(compressed, 0, compressedBytes, restored, 0);
    }

    /** Frees the native contexts. */
    @TearDown
    public void close() {
        frames.close();
    }
}
