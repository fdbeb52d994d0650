package io.dray.sidecar.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.net.MemoryBudget;
import io.dray.core.wire.MeshError;
import io.dray.sidecar.frame.FramePool;
import io.dray.sidecar.queue.Destination;
import io.dray.sidecar.queue.LaneQueue;
import io.dray.sidecar.queue.Levels;
import io.dray.sidecar.queue.Origin;
import io.dray.sidecar.queue.Parcel;
import io.dray.sidecar.queue.Parcels;
import io.dray.sidecar.queue.RecordingOrigin;
import io.dray.sidecar.queue.RecordingOrigin.Told;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.dray.types.v1.Window;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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

        assertThat(mailbox.take(taken, 1_000, 1, 51, attachment)).isFalse();

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
    void routingTimeLeavesOutTheWaitForAShutWindow() {
        attachment = mailbox.attached(
                Window.newBuilder().setMessages(1).setBytes(1_000).build());
        Parcel second = Parcels.of(origin, 2, 10);
        mailbox.offer(Parcels.of(origin, 1, 10));
        second.arrivedNanos = System.nanoTime();
        mailbox.offer(second);
        deliver();
        assertThat(deliver()).isFalse();

        long widenedNanos = System.nanoTime();
        mailbox.onWindow(Window.newBuilder().setMessages(2).setBytes(1_000).build());
        assertThat(deliver()).isTrue();

        assertThat(taken.arrivedNanos - widenedNanos).isNotNegative();
    }

    @Test
    void routingTimeCountsFromTheArrivalWhereTheWindowWasOpen() {
        long arrivedNanos = System.nanoTime();
        Parcel parcel = Parcels.of(origin, 1, 10);
        parcel.arrivedNanos = arrivedNanos;
        mailbox.offer(parcel);

        mailbox.onWindow(Window.newBuilder().setMessages(9).setBytes(1_000).build());
        deliver();

        assertThat(taken.arrivedNanos).isEqualTo(arrivedNanos);
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
        assertThat(ends).containsExactly("undone 5+1");
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
    @Timeout(value = 2, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void manyHugeCountsCostNoMoreThanWhatIsUnanswered() {
        deliverTracked(Mailbox.MAX_UNANSWERED);

        for (int receipt = 0; receipt < 16_384; receipt++) {
            mailbox.onReceipt(Mailbox.MAX_UNANSWERED + 1, Integer.MAX_VALUE, Levels.DONE, null);
        }
        assertThat(mailbox.unanswered()).isEqualTo(Mailbox.MAX_UNANSWERED);

        mailbox.onReceipt(2, Integer.MAX_VALUE, Levels.DONE, null);
        assertThat(mailbox.unanswered()).isEqualTo(1);
    }

    @Test
    void aRunAnswersWhatIsInItAndNothingBeside() {
        deliverTracked(5);

        mailbox.onReceipt(2, 3, Levels.DONE, null);
        mailbox.onReceipt(-1, Integer.MAX_VALUE, Levels.DONE, null);
        mailbox.onReceipt(Long.MAX_VALUE, Integer.MAX_VALUE, Levels.DONE, null);

        assertThat(mailbox.unanswered()).isEqualTo(2);
        assertThat(origin.told())
                .filteredOn(told -> told.level() == Levels.DONE)
                .extracting(Told::sequence)
                .containsExactly(2L, 3L, 4L);
    }

    @Test
    void refusesEachEnvelopeOfARunWhenItCloses() {
        mailbox.offer(Parcels.run(origin, 1, 5));

        mailbox.close(MeshError.of(Code.CODE_NODE_LOST, "gone"));

        assertThat(origin.told()).extracting(Told::sequence).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(budget.used()).isZero();
    }

    @Test
    void whatFollowsOneAnotherIsToldAsRuns() {
        for (int sequence = 1; sequence <= 6; sequence++) {
            Parcel parcel = tracked(sequence);
            // The fourth went elsewhere: its ordinal is not here.
            parcel.ordinal = sequence < 4 ? sequence : sequence + 1;
            mailbox.offer(parcel);
            deliver();
        }

        mailbox.onReceipt(2, 4, Levels.DONE, null);
        mailbox.lost(MeshError.of(Code.CODE_NODE_LOST, "gone"));

        assertThat(ends).containsExactly("done 2+2", "done 5+2", "undone 1+1", "undone 7+1");
        assertThat(origin.told())
                .filteredOn(told -> told.level() >= Levels.DONE)
                .extracting(Told::sequence)
                .containsExactly(2L, 3L, 4L, 5L, 1L, 6L);
    }

    @Test
    void whatExpiresLaterDoesNotHoldUpWhatIsNextToIt() {
        for (int sequence = 1; sequence <= Mailbox.MAX_UNANSWERED / 2; sequence++) {
            Parcel parcel = tracked(sequence);
            parcel.deadlineMicros = sequence == 1 ? 50 : 5_000_000;
            mailbox.offer(parcel);
            deliver();
        }

        assertThat(mailbox.forgetExpired(51, MeshError.of(Code.CODE_EXPIRED, "late")))
                .isTrue();

        assertThat(mailbox.unanswered()).isEqualTo(Mailbox.MAX_UNANSWERED / 2 - 1);
    }

    @Test
    void deliversNoMoreToAnAgentThatLeavesTooMuchUnanswered() {
        deliverTracked(Mailbox.MAX_UNANSWERED);

        mailbox.offer(tracked(Mailbox.MAX_UNANSWERED + 1));
        assertThat(deliver()).isFalse();

        mailbox.onReceipt(1, 1, Levels.DONE, null);
        assertThat(deliver()).isTrue();
    }

    @Test
    void forgetsDeliveriesThatExpiredOnceManyAreUnanswered() {
        Parcel expiring = tracked(9_999);
        expiring.deadlineMicros = 50;
        mailbox.offer(expiring);
        deliver();
        deliverTracked(Mailbox.MAX_UNANSWERED / 2 - 2);
        var late = MeshError.of(Code.CODE_EXPIRED, "late");
        assertThat(mailbox.forgetExpired(51, late)).isFalse();

        deliverTracked(1);
        assertThat(mailbox.forgetExpired(50, late)).isFalse();
        assertThat(mailbox.forgetExpired(51, late)).isTrue();

        assertThat(mailbox.unanswered()).isEqualTo(Mailbox.MAX_UNANSWERED / 2 - 1);
        assertThat(origin.told()).last().isEqualTo(new Told(9_999, Levels.REFUSED, "CODE_EXPIRED"));
    }

    @Test
    void aPauseThatComesWhileItClosesIsNotLeftStanding() {
        Origin closing = new Origin() {
            @Override
            public void receipts(long session, long first, int count, int level, @Nullable Error error) {
                // Nothing is refused here.
            }

            @Override
            public void flow(Destination destination, int lane, boolean paused) {
                origin.flow(destination, lane, paused);
            }

            @Override
            public void held(long bytes) {
                // Called between the queue's yes and the pause: another thread closes the mailbox just then.
                if (bytes > 0) {
                    mailbox.close(MeshError.of(Code.CODE_NODE_LOST, "gone"));
                }
            }
        };

        mailbox.offer(Parcels.of(closing, 1, 600));

        assertThat(origin.flows()).isEmpty();
    }

    @Test
    void pausesTheSenderAtAQuarterAndLetsItGoOnAtAnEighth() {
        for (int sequence = 1; sequence <= 2; sequence++) {
            mailbox.offer(Parcels.of(origin, sequence, 100));
        }
        assertThat(origin.flows()).isEmpty();
        mailbox.offer(Parcels.of(origin, 3, 100));
        assertThat(origin.flows()).containsExactly("pause agent:b");

        deliver();
        mailbox.settle();
        assertThat(origin.flows()).hasSize(1);

        deliver();
        mailbox.settle();
        assertThat(origin.flows()).containsExactly("pause agent:b", "resume agent:b");
    }

    private void deliverTracked(int count) {
        for (int sequence = 1; sequence <= count; sequence++) {
            mailbox.offer(tracked(sequence));
            deliver();
        }
    }

    private Parcel tracked(long sequence) {
        Parcel parcel = Parcels.of(origin, sequence, 10);
        parcel.wish = Levels.DONE;
        return parcel;
    }

    private boolean deliver() {
        boolean got = mailbox.take(taken, Long.MAX_VALUE, 1, 0, attachment);
        if (got) {
            mailbox.delivered(taken, attachment);
            taken.frame.release();
        }
        return got;
    }

    @Override
    public void onDone(long session, Destination destination, long ordinal, int count) {
        ends.add("done " + ordinal + "+" + count);
    }

    @Override
    public void onUndone(long session, Destination destination, long ordinal, int count) {
        ends.add("undone " + ordinal + "+" + count);
    }
}
