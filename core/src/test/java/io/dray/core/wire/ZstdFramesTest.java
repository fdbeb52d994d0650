package io.dray.core.wire;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdCompressCtx;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ZstdFramesTest {
    private static final int LIMIT = 4 * 1024 * 1024;

    private final ZstdFrames frames = new ZstdFrames();

    @AfterEach
    void close() {
        frames.close();
    }

    @Test
    void givesBackWhatItWasGiven() {
        long seed = System.nanoTime();
        System.out.println("ZstdFramesTest.givesBackWhatItWasGiven seed " + seed);
        Random random = new Random(seed);
        for (int size : new int[] {1, 200, 255, 256, 1024, 65_791, 65_792, 1_000_000}) {
            byte[] raw = text(size, random);
            byte[] compressed = compress(raw);

            assertThat(ZstdFrames.check(compressed, 3, compressed.length - 3, size, LIMIT))
                    .as("size %d", size)
                    .isNull();
            byte[] back = new byte[size + 5];
            assertThat(frames.decompress(compressed, 3, compressed.length - 3, back, 5))
                    .isEqualTo(size);
            assertThat(Arrays.copyOfRange(back, 5, back.length)).isEqualTo(raw);
        }
    }

    @Test
    void leavesRawWhatShrinksTooMuchToBeBelieved() {
        byte[] zeros = new byte[1_000_000];

        int written = frames.compress(zeros, 0, zeros.length, room(zeros.length), 0);

        assertThat(written).isEqualTo(-1);
    }

    @Test
    void refusesARawSizeThatLies() {
        byte[] compressed = compress(text(5000, new Random(1)));

        assertThat(check(compressed, 5001).getExpected()).isEqualTo("5000 bytes");
        assertThat(check(compressed, 4999).getExpected()).isEqualTo("5000 bytes");
        assertThat(check(compressed, 0).getValue()).isEqualTo("0 bytes");
        assertThat(check(compressed, -1).getValue()).isEqualTo("4294967295 bytes");
        assertThat(check(compressed, LIMIT + 1).getExpected()).isEqualTo("1-" + LIMIT + " bytes");
    }

    @Test
    void refusesARatioThatIsTooHigh() {
        byte[] bomb = zstd(new byte[1_000_000], 0);

        assertThat(check(bomb, 1_000_000).getMessage()).contains("ratio");
    }

    @Test
    void refusesAWindowThatIsTooLarge() {
        byte[] frame = compress(text(100_000, new Random(2)));
        byte[] lying = concat(
                Arrays.copyOfRange(frame, 3, 7),
                // Not a single segment, four bytes of content size, a window of 2 GiB.
                new byte[] {(byte) 0x80, (byte) (21 << 3), (byte) 0xa0, (byte) 0x86, 1, 0},
                new byte[200]);

        Error error = requireNonNull(ZstdFrames.check(lying, 0, lying.length, 100_000, LIMIT));

        assertThat(error.getMessage()).contains("window");
        assertThat(error.getValue()).isEqualTo("2147483648 bytes");
    }

    @Test
    void refusesFramesWithoutSizeOrWithDictionary() {
        byte[] raw = text(3000, new Random(3));

        assertThat(check(zstd(raw, 1), 3000).getExpected()).contains("content size");
        byte[] withDictionary = compress(raw);
        withDictionary = Arrays.copyOfRange(withDictionary, 3, withDictionary.length);
        withDictionary[4] |= 1;
        assertThat(check(concat(new byte[3], withDictionary), 3000).getMessage())
                .contains("dictionary");
    }

    @Test
    void refusesWhatIsNoZstdFrame() {
        assertThat(check(new byte[100], 100).getMessage()).contains("no zstd frame");
        assertThat(check(new byte[4], 100).getMessage()).contains("no zstd frame");
    }

    @Test
    void refusesWhatStandsBehindTheFrame() {
        byte[] raw = text(3000, new Random(3));
        byte[] skippable = {0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4};
        byte[] compressed = compress(raw);

        assertThat(check(concat(compressed, skippable), 3000).getExpected()).isEqualTo("one zstd frame alone");
        assertThat(check(concat(compressed, new byte[1]), 3000).getExpected()).isEqualTo("one zstd frame alone");
        assertThat(check(Arrays.copyOf(compressed, compressed.length - 1), 3000).getExpected())
                .isEqualTo("one zstd frame alone");
    }

    @Test
    void survivesCorruptContent() {
        byte[] raw = text(20_000, new Random(4));
        byte[] compressed = compress(raw);
        byte[] back = new byte[raw.length];
        Random random = new Random(5);
        for (int i = 0; i < 500; i++) {
            byte[] corrupt = compressed.clone();
            corrupt[3 + 9 + random.nextInt(corrupt.length - 12)] ^= (byte) (1 + random.nextInt(255));

            int written = frames.decompress(corrupt, 3, corrupt.length - 3, back, 0);

            assertThat(written).isBetween(-1, raw.length);
        }
        assertThat(frames.decompress(compressed, 3, compressed.length / 2, back, 0))
                .isEqualTo(-1);
        assertThat(frames.decompress(compressed, 3, compressed.length - 3, new byte[raw.length - 1], 0))
                .isEqualTo(-1);
        assertThat(frames.decompress(compressed, 3, compressed.length - 3, back, 0))
                .isEqualTo(raw.length);
    }

    @Test
    void keepsOneInstancePerThread() throws Exception {
        ZstdFrames here = ZstdFrames.ofThread();
        ZstdFrames[] there = new ZstdFrames[1];
        Thread other = Thread.ofPlatform().start(() -> there[0] = ZstdFrames.ofThread());
        other.join();

        assertThat(ZstdFrames.ofThread()).isSameAs(here);
        assertThat(there[0]).isNotSameAs(here);
    }

    @Test
    void cannotBeUsedOnceClosed() {
        ZstdFrames closed = new ZstdFrames();
        closed.close();

        assertThatThrownBy(() -> closed.compress(new byte[10], 0, 10, new byte[100], 0))
                .isInstanceOf(IllegalStateException.class);
    }

    private static Error check(byte[] compressed, int rawBytes) {
        Error error = requireNonNull(ZstdFrames.check(compressed, 3, compressed.length - 3, rawBytes, LIMIT));
        assertThat(error.getCode()).isEqualTo(Code.CODE_BAD_COMPRESSION);
        return error;
    }

    /** Returns three bytes of something else, then the zstd frame. */
    private byte[] compress(byte[] raw) {
        byte[] room = room(raw.length);
        int written = frames.compress(raw, 0, raw.length, room, 3);
        return Arrays.copyOf(room, 3 + written);
    }

    private static byte[] room(int rawBytes) {
        return new byte[ZstdFrames.maxCompressedLength(rawBytes) + 3];
    }

    private static byte[] zstd(byte[] raw, int withoutSize) {
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            return concat(new byte[3], context.setContentSize(withoutSize == 0).compress(raw));
        }
    }

    private static byte[] text(int size, Random random) {
        byte[] text = new byte[size];
        for (int i = 0; i < size; i++) {
            text[i] = (byte) "etaoin shrdlu".charAt(random.nextInt(13));
        }
        return text;
    }

    private static byte[] concat(byte[]... parts) {
        int length = 0;
        byte[] all = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, length, part.length);
            length += part.length;
        }
        return all;
    }
}
