package io.dray.sidecar.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChunkCopiesTest {
    private static final int TEN_KIB = 10 * 1024;

    private final FramePool pool = new FramePool();
    private final ChunkCopies copies = new ChunkCopies(pool);

    @Test
    void rangesOfTenKibShareChunksThatComeBack() {
        Set<byte[]> first = arraysOf(copiesOf(25, TEN_KIB));
        Set<byte[]> second = arraysOf(copiesOf(25, TEN_KIB));

        assertThat(first).hasSizeLessThanOrEqualTo(5);
        assertThat(first).containsAll(second);
    }

    @Test
    void oneRangeHoldsAChunkOfItsOwnSize() {
        List<Frame> held = new ArrayList<>();
        for (int length : new int[] {100, TEN_KIB, 32 * 1024}) {
            held.addAll(List.of(copies.copy(source(length), 0, length)));
            copies.rest();
        }

        assertThat(held).extracting(Frame::length).containsExactly(4 * 1024, 16 * 1024, 32 * 1024);
    }

    @Test
    void eachCopyHasItsOwnBytes() {
        Frame source = source(3 * TEN_KIB);
        List<byte[]> seen = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Frame copy = copies.copy(source, i * TEN_KIB, TEN_KIB);
            byte[] bytes = new byte[TEN_KIB];
            System.arraycopy(copy.bytes(), copies.position(), bytes, 0, TEN_KIB);
            seen.add(bytes);
        }

        for (int i = 0; i < 3; i++) {
            assertThat(seen.get(i)).startsWith((byte) (i * TEN_KIB % 127), (byte) ((i * TEN_KIB + 1) % 127));
        }
    }

    /** Copies so many ranges and releases them, oldest first, as a queue does. */
    private List<Frame> copiesOf(int count, int length) {
        Frame source = source(length);
        List<Frame> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            made.add(copies.copy(source, 0, length));
        }
        copies.rest();
        made.forEach(Frame::release);
        return made;
    }

    private static Set<byte[]> arraysOf(List<Frame> frames) {
        Set<byte[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
        frames.forEach(frame -> arrays.add(frame.bytes()));
        return arrays;
    }

    private static Frame source(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i % 127);
        }
        return Frame.of(bytes, 0);
    }
}
