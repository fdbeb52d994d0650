package io.dray.sidecar.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
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
        released(List.of(pool.empty(4_096), pool.empty(4_096)));

        Set<byte[]> again = released(taken(12));
        again.retainAll(before);

        assertThat(again).as("of 8 that would fit without the small ones").hasSize(7);
    }

    @Test
    void theSizeThatHoldsMostMakesRoomForOthers() {
        released(taken(8));
        Frame small = pool.empty(4_096);
        byte[] bytes = small.bytes();
        small.release();

        assertThat(pool.empty(4_096).bytes()).isSameAs(bytes);
    }

    @Test
    void aFloodOfOneSizeLeavesOthersWhatTheyHave() {
        List<Frame> small = Stream.generate(() -> pool.empty(4_096)).limit(4).toList();
        Set<byte[]> before = released(small);
        released(taken(12));

        Set<byte[]> again =
                released(Stream.generate(() -> pool.empty(4_096)).limit(4).toList());

        assertThat(again).containsExactlyInAnyOrderElementsOf(before);
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
