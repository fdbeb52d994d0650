package io.dray.sidecar.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.net.MemoryBudget;
import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.frame.FramePool;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SettleTest {
    private final FramePool pool = new FramePool();
    private final LaneQueue queue = new LaneQueue(1_000_000, new MemoryBudget(1_000_000), pool);
    private final RecordingOrigin origin = new RecordingOrigin();
    private final Parcel taken = new Parcel();

    @Test
    void givesAPooledFrameBackWhileItsEnvelopesWait() throws IOException {
        byte[] bytes = new byte[3_000];
        bytes[1_234] = 42;
        Frame frame = pool.read(new ByteArrayInputStream(bytes));
        offerRange(frame, 1_234, 100);

        queue.settle();

        Frame reused = pool.read(new ByteArrayInputStream(new byte[10]));
        assertThat(reused.bytes()).isSameAs(frame.bytes());
        assertThat(queue.poll(taken, 1_000, 1)).isTrue();
        assertThat(taken.frame.bytes()[taken.offset]).isEqualTo((byte) 42);
    }

    @Test
    void doesNotHoldALargeFrameForASmallRange() {
        Frame frame = Frame.of(new byte[64 * 1024], 0);
        offerRange(frame, 5, 100);

        queue.settle();

        queue.poll(taken, 1_000, 1);
        assertThat(taken.frame.length()).isEqualTo(4 * 1024);
    }

    @Test
    void keepsEachOfManyRangesWholeAndInOrder() throws IOException {
        int ranges = 1_000;
        for (int i = 0; i < ranges; i++) {
            byte[] bytes = new byte[200];
            Arrays.fill(bytes, (byte) i);
            offerRange(pool.read(new ByteArrayInputStream(bytes)), 3, 60 + i % 100);
            if (i % 7 == 0) {
                queue.settle();
            }
        }
        queue.settle();

        for (int i = 0; i < ranges; i++) {
            assertThat(queue.poll(taken, 1_000, 1)).isTrue();
            byte[] expected = new byte[60 + i % 100];
            Arrays.fill(expected, (byte) i);
            assertThat(Arrays.copyOfRange(taken.frame.bytes(), taken.offset, taken.offset + taken.length))
                    .as("range " + i)
                    .isEqualTo(expected);
            taken.frame.release();
        }
    }

    @Test
    void putsRangesThatWaitIntoOneChunkAndGivesItBackWhenAllLeft() {
        Frame frame = Frame.of(new byte[1_000], 0);
        frame.retain();
        offerRange(frame, 0, 100);
        queue.settle();
        offerRange(frame, 500, 100);
        queue.settle();

        queue.poll(taken, 1_000, 1);
        Frame first = taken.frame;
        queue.poll(taken, 1_000, 1);
        assertThat(taken.frame).isSameAs(first);
        assertThat(taken.offset).isEqualTo(100);
        taken.frame.release();
        assertThat(pool.empty(4_000).bytes()).isNotSameAs(first.bytes());
        first.release();
        assertThat(pool.empty(4_000).bytes()).isSameAs(first.bytes());
    }

    @Test
    void measuresARangeFromTheArrivalOfItsOwnFrame() {
        offerRange(Frame.of(new byte[1_000], 11), 0, 100);
        queue.settle();

        queue.poll(taken, 1_000, 1);
        assertThat(taken.arrivedNanos).isEqualTo(11);
    }

    @Test
    void doesNotCopyALargeEnvelopeThatFillsItsFrame() {
        Frame frame = Frame.of(new byte[300_000], 0);
        offerRange(frame, 10, 299_990);

        queue.settle();

        queue.poll(taken, 1_000_000, 1);
        assertThat(taken.frame).isSameAs(frame);
    }

    private void offerRange(Frame frame, int offset, int length) {
        Parcel parcel = Parcels.of(origin, 1, 1);
        parcel.frame = frame;
        parcel.arrivedNanos = frame.arrivedNanos();
        parcel.offset = offset;
        parcel.length = length;
        parcel.envelopeBytes = length;
        queue.offer(parcel);
        frame.release();
    }
}
