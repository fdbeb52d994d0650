package io.dray.sidecar.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FramePoolTest {
    private static final int LARGE = 128 * 1024;

    private final FramePool pool = new FramePool(1 << 20);

    @Test
    void framesOfOneSizeMayTakeAllOfIt() {
        Set<byte[]> before = released(taken(8));

        assertThat(before).containsAll(released(taken(8)));
    }

    @Test
    void keepsNoMoreThanItMayWhateverTheSizes() {
        Set<byte[]> before = released(taken(12));
        Frame small = pool.empty(4_096);
        byte[] bytes = small.bytes();
        small.release();

        Set<byte[]> again = released(taken(12));
        again.retainAll(before);

        assertThat(again).hasSize(8);
        assertThat(pool.empty(4_096).bytes()).isNotSameAs(bytes);
    }

    @Test
    void makesRoomForOtherSizesAsArraysAreTaken() {
        released(taken(8));
        Frame large = pool.empty(LARGE);
        Frame small = pool.empty(4_096);
        byte[] bytes = small.bytes();
        small.release();

        assertThat(pool.empty(4_096).bytes()).isSameAs(bytes);
        large.release();
    }

    private List<Frame> taken(int count) {
        var frames = new ArrayList<Frame>();
        for (int i = 0; i < count; i++) {
            frames.add(pool.empty(LARGE));
        }
        return frames;
    }

    /** Their arrays, which go back to the pool. */
    private static Set<byte[]> released(List<Frame> frames) {
        Set<byte[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Frame frame : frames) {
            arrays.add(frame.bytes());
            frame.release();
        }
        return arrays;
    }
}
