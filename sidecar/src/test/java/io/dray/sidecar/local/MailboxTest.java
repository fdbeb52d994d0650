package io.dray.sidecar.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.net.MemoryBudget;
import io.dray.core.wire.MeshError;
import io.dray.sidecar.frame.FramePool;
import io.dray.sidecar.queue.Destination;
import io.dray.sidecar.queue.LaneQueue;
import io.dray.sidecar.queue.Levels;
import io.dray.sidecar.queue.Parcel;
import io.dray.sidecar.queue.Parcels;
import io.dray.sidecar.queue.RecordingOrigin;
import io.dray.sidecar.queue.RecordingOrigin.Told;
import io.dray.types.v1.Code;
import io.dray.types.v1.Window;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MailboxTest implements DoneListener {
    private final MemoryBudget budget = new MemoryBudget(1_000_000);
    private final Mailbox mailbox = new Mailbox(new LaneQueue(1_000, budget, new FramePool()), this);
    private final RecordingOrigin origin = new RecordingOrigin();
    private final Parcel taken = new Parcel();
    private final List<String> ends = new ArrayList<>();
    private long attachment = mailbox.attached(null);

    @Test
    void tellsEachLevelUpToTheWish() {
        Parcel parcel = Parcels.of(origin, 1, 10);
        parcel.wish = Levels.DONE;
        mailbox.offer(parcel);

        deliver();
        mailbox.onReceipt(1, 1, Levels.DONE, null);

        assertThat(origin.told()).containsExactly(new Told(1, Levels.DELIVERED, ""), new Told(1, Levels.DONE, ""));
    }

    @Test
    void saysNothingThatNobodyWants() {
        mailbox.offer(Parcels.of(origin, 1, 10));

        deliver();
        mailbox.onReceipt(1, 1, Levels.DONE, null);

        assertThat(origin.told()).isEmpty();
    }

    @Test
    void refusesWhatExpiredWhileItWaited() {
        Parcel parcel = Parcels.of(origin, 1, 10);
        parcel.deadlineMicros = 50;
        mailbox.offer(parcel);

        assertThat(mailbox.take(taken, 1_000, 51, attachment)).isFalse();

        assertThat(origin.told()).containsExactly(new Told(1, Levels.REFUSED, "CODE_EXPIRED"));
        assertThat(budget.used()).isZero();
    }

    @Test
    void stopsAtTheWindowAndGoesOnWhenItWidens() {
        attachment = mailbox.attached(
                Window.newBuilder().setMessages(1).setBytes(1_000).build());
        mailbox.offer(Parcels.of(origin, 1, 10));
        mailbox.offer(Parcels.of(origin, 2, 10));

        assertThat(deliver()).isTrue();
        assertThat(deliver()).isFalse();

        mailbox.onWindow(Window.newBuilder().setMessages(2).setBytes(1_000).build());
        assertThat(deliver()).isTrue();
    }

    @Test
    void letsOneLargeEnvelopePassASmallWindow() {
        attachment = mailbox.attached(
                Window.newBuilder().setMessages(10).setBytes(16).build());
        mailbox.offer(Parcels.of(origin, 1, 500));
        mailbox.offer(Parcels.of(origin, 2, 10));

        assertThat(deliver()).isTrue();
        assertThat(deliver()).isFalse();
    }

    @Test
    void refusesWhatWasDeliveredAndNotAnsweredWhenTheStreamIsLost() {
        Parcel parcel = Parcels.of(origin, 1, 10);
        parcel.ordinal = 5;
        mailbox.offer(parcel);
        deliver();

        mailbox.lost(MeshError.of(Code.CODE_NODE_LOST, "gone"));

        assertThat(origin.told()).containsExactly(new Told(1, Levels.REFUSED, "CODE_NODE_LOST"));
        assertThat(ends).containsExactly("undone 5");
    }

    @Test
    void isNotMisledByAHugeCount() {
        Parcel parcel = Parcels.of(origin, 1, 10);
        parcel.wish = Levels.DONE;
        mailbox.offer(parcel);
        deliver();

        mailbox.onReceipt(1, Integer.MAX_VALUE, Levels.DONE, null);

        assertThat(mailbox.unanswered()).isZero();
    }

    @Test
    void pausesTheSenderAtHalfAndLetsItGoOnAtAQuarter() {
        for (int sequence = 1; sequence <= 5; sequence++) {
            mailbox.offer(Parcels.of(origin, sequence, 100));
        }
        assertThat(origin.flows()).containsExactly("pause agent:b");

        deliver();
        mailbox.settle();
        assertThat(origin.flows()).hasSize(1);

        deliver();
        deliver();
        mailbox.settle();
        assertThat(origin.flows()).containsExactly("pause agent:b", "resume agent:b");
    }

    private boolean deliver() {
        boolean got = mailbox.take(taken, Long.MAX_VALUE, 0, attachment);
        if (got) {
            mailbox.delivered(taken, attachment);
            taken.frame.release();
        }
        return got;
    }

    @Override
    public void onDone(long session, Destination destination, long ordinal) {
        ends.add("done " + ordinal);
    }

    @Override
    public void onUndone(long session, Destination destination, long ordinal) {
        ends.add("undone " + ordinal);
    }
}
