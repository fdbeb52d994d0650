package io.dray.sidecar.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.net.MemoryBudget;
import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.frame.FramePool;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class SettleTest {
    private final FramePool pool = new FramePool();
    private final LaneQueue queue = new LaneQueue(1_000_000, new MemoryBudget(1_000_000));
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
        assertThat(queue.poll(taken, 1_000)).isTrue();
        assertThat(taken.frame.bytes()[taken.offset]).isEqualTo((byte) 42);
    }

    @Test
    void doesNotHoldALargeFrameForASmallRange() {
        Frame frame = Frame.of(new byte[64 * 1024], 0);
        offerRange(frame, 5, 100);

        queue.settle();

        queue.poll(taken, 1_000);
        assertThat(taken.frame.length()).isEqualTo(100);
    }

    @Test
    void doesNotCopyALargeEnvelopeThatFillsItsFrame() {
        Frame frame = Frame.of(new byte[300_000], 0);
        offerRange(frame, 10, 299_990);

        queue.settle();

        queue.poll(taken, 1_000_000);
        assertThat(taken.frame).isSameAs(frame);
    }

    private void offerRange(Frame frame, int offset, int length) {
        Parcel parcel = Parcels.of(origin, 1, 1);
        parcel.frame = frame;
        parcel.offset = offset;
        parcel.length = length;
        parcel.envelopeBytes = length;
        queue.offer(parcel);
        frame.release();
    }
}
