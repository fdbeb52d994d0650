package io.dray.sidecar.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.dray.core.net.MemoryBudget;
import io.dray.core.testing.SettableClock;
import io.dray.core.wire.EnvelopeWalker;
import io.dray.core.wire.Header;
import io.dray.core.wire.WireLimits;
import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.frame.FramePool;
import io.dray.sidecar.queue.Destination;
import io.dray.sidecar.queue.LaneQueue;
import io.dray.sidecar.queue.Levels;
import io.dray.sidecar.queue.Origin;
import io.dray.sidecar.queue.Parcel;
import io.dray.sidecar.queue.Parcels;
import io.dray.sidecar.queue.Refusals;
import io.dray.types.v1.Address;
import io.dray.types.v1.BlobWindow;
import io.dray.types.v1.Chunk;
import io.dray.types.v1.Code;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Error;
import io.dray.types.v1.Receipt;
import io.dray.types.v1.ReceiptLevel;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Windows, rooms and queues of payloads that leave for a link. */
class BlobsTest {
    private static final int WINDOW = 64 * 1024;
    private static final int TOTAL = 200_000;
    private static final long BUDGET = 40L * WINDOW;

    private final SettableClock clock = new SettableClock();
    private final MemoryBudget budget = new MemoryBudget(BUDGET);
    private final BlobRoom leaving = new BlobRoom(budget, "leaving", BUDGET, WINDOW);
    private final Blobs blobs = new Blobs(
            new BlobRoom(budget, "arriving", BUDGET, WINDOW), leaving, Blobs.Limits.of(4 << 20), clock::nanoTime);
    private final Sender sender = new Sender();
    private final ChunkQueue link = new ChunkQueue(() -> {});
    private boolean isFromNode;
    private long session = 7;

    @Test
    void oneStreamHasAFewUnderWayAndLeavesRoomToOthers() {
        var other = new ChunkQueue(() -> {});
        for (int blob = 1; blob <= 10; blob++) {
            leave(blob, link);
            allow(link, blob);
        }
        leave(11, other);
        allow(other, 11);

        assertThat(sender.windows.keySet()).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 11L);
        assertThat(budget.used()).isEqualTo(9L * WINDOW);
        giveUp(3);
        assertThat(sender.windows).containsKey(9L).doesNotContainKey(10L);
    }

    @Test
    void oneSenderHasHalfOfTheRoomWhereverItSends() {
        for (int blob = 1; blob <= 22; blob++) {
            leaveAlone(blob);
        }

        assertThat(sender.windows).hasSize(20);
        assertThat(budget.used()).isEqualTo(20L * WINDOW);
        giveUp(3);
        assertThat(sender.windows).containsKey(21L).doesNotContainKey(22L);
        blobs.ownerLost(sender, Refusals.nodeLost("gone"), false);
        assertThat(budget.used()).isZero();
    }

    @Test
    void aSenderHasAPartOfARoomThatOthersHaveHalfOf() {
        session = 9;
        for (int blob = 101; blob <= 120; blob++) {
            leaveAlone(blob);
        }
        session = 7;
        for (int blob = 1; blob <= 12; blob++) {
            leaveAlone(blob);
        }

        assertThat(sender.windows).hasSize(30);
        session = 9;
        for (int blob = 101; blob <= 120; blob++) {
            giveUp(blob);
        }
        assertThat(sender.windows).hasSize(32);
    }

    @Test
    void aPublicationHasOneWindowForHoweverMany() {
        Blob blob = Objects.requireNonNull(open(Parcels.of(sender, 1, 100), 1));
        List<ChunkQueue> queues =
                Stream.generate(() -> new ChunkQueue(() -> {})).limit(50).toList();
        queues.forEach(queue ->
                assertThat(blob.toLink(Parcels.of(sender, 1, 100), queue)).isTrue());
        blob.routed();
        queues.forEach(queue -> allow(queue, 1));

        assertThat(sender.windows).containsEntry(1L, (long) WINDOW);
        assertThat(budget.used()).isEqualTo(WINDOW);
        blobs.ownerLost(sender, Refusals.nodeLost("gone"), false);
        assertThat(budget.used()).isZero();
    }

    @Test
    void aSubscriberThatTakesNoMoreIsDroppedAlone() {
        var stuck = new ChunkQueue(() -> {});
        publish(null, link, stuck);
        sendAndWrite(0, WINDOW);
        assertThat(sender.windows).containsEntry(1L, (long) WINDOW);

        clock.advance(Duration.ofSeconds(31));
        blobs.sweep(0);

        assertThat(sender.refused).containsExactly("1 CODE_EXPIRED");
        assertThat(sender.windows).as("the other goes on").containsEntry(1L, 2L * WINDOW);
        sendAndWrite(WINDOW, WINDOW);
        assertThat(sender.windows).containsEntry(1L, 3L * WINDOW);
        blobs.ownerLost(sender, Refusals.nodeLost("gone"), false);
        assertThat(budget.used()).isZero();
    }

    @Test
    void aSubscriberThatTakesTooLittleIsDroppedAlone() {
        var slow = new ChunkQueue(() -> {});
        publish(null, link, slow);
        sendAndWrite(0, WINDOW);

        for (int second = 0; second < 60 && sender.refused.isEmpty(); second++) {
            clock.advance(Duration.ofSeconds(1));
            if (second == 20) {
                // So something moves, but less than 8 KiB a second.
                ChunkQueue.written(polled(slow));
                sendAndWrite(WINDOW, WINDOW / 4);
            }
            blobs.sweep(0);
        }

        assertThat(sender.refused).containsExactly("1 CODE_EXPIRED");
        assertThat(blobs.size()).as("the other goes on").isOne();
        clock.advance(Duration.ofSeconds(1));
        blobs.sweep(0);
        assertThat(blobs.size()).as("it has its time").isOne();
    }

    @Test
    void aLinkHasItsTimeTwiceSoThatTheSidecarBehindItCanDropItsOwn() {
        publish(new ChunkQueue(() -> {}), link);
        sendAndWrite(0, WINDOW);

        clock.advance(Duration.ofSeconds(31));
        blobs.sweep(0);
        assertThat(sender.refused).isEmpty();
        clock.advance(Duration.ofSeconds(30));
        blobs.sweep(0);

        assertThat(sender.refused).containsExactly("1 CODE_EXPIRED");
        assertThat(sender.windows).as("the other goes on").containsEntry(1L, 2L * WINDOW);
    }

    @Test
    void aNodeIsToldThatAPublicationIsRefusedOnceNobodyTakesItHere() {
        isFromNode = true;
        var stuck = new ChunkQueue(() -> {});
        publish(null, link, stuck);
        sendAndWrite(0, WINDOW);

        clock.advance(Duration.ofSeconds(31));
        blobs.sweep(0);
        assertThat(sender.refused).isEmpty();
        assertThat(sender.windows).as("the other goes on").containsEntry(1L, 2L * WINDOW);
        link.lost(Refusals.nodeLost("gone"));

        assertThat(sender.refused).containsExactly("1 CODE_NODE_LOST");
        assertThat(budget.used()).isZero();
    }

    @Test
    void aPublisherThatSendsNothingEndsItForAll() {
        publish(null, link, new ChunkQueue(() -> {}));

        clock.advance(Duration.ofSeconds(31));
        blobs.sweep(0);

        assertThat(sender.refused).containsExactly("1 CODE_EXPIRED");
        assertThat(blobs.size()).isZero();
        assertThat(budget.used()).isZero();
    }

    @Test
    void theLastOfTheBudgetIsLeftToQueues() {
        for (session = 1; session <= 10; session++) {
            for (int blob = 1; blob <= 5; blob++) {
                leaveAlone(blob);
            }
        }

        assertThat(sender.windows).isNotEmpty();
        assertThat(budget.used()).isEqualTo(30L * WINDOW);
        var lane = new LaneQueue(BUDGET, budget, new FramePool());
        assertThat(lane.offer(Parcels.of(sender, 1, 60_000))).isEqualTo(LaneQueue.Offer.QUEUED_PAUSE);
    }

    @Test
    void envelopesOfPayloadsThatWaitLeaveTheLastOfItToo() {
        assertThat(budget.tryReserve(BUDGET / 4 * 3)).isTrue();
        Parcel waiting = Parcels.of(sender, 1, 100);
        Blob whole = Objects.requireNonNull(open(waiting, 1));

        assertThat(whole.assemble(waiting, _ -> {}, _ -> {})).isFalse();

        assertThat(budget.used()).isEqualTo(BUDGET / 4 * 3);
    }

    @Test
    void waitsForMemoryThatOthersHave() {
        assertThat(budget.tryReserve(BUDGET)).isTrue();
        leave(1, link);
        allow(link, 1);
        assertThat(sender.windows).isEmpty();

        budget.release(BUDGET);
        blobs.sweep(0);

        assertThat(sender.windows).containsEntry(1L, (long) WINDOW);
    }

    @Test
    void whatIsWrittenWidensTheWindow() {
        leave(1, link);
        allow(link, 1);
        send(1, 0, 60_000);

        ChunkQueue.written(polled());

        assertThat(sender.windows).containsEntry(1L, (long) WINDOW + 60_000);
        assertThat(link.isWaiting()).isFalse();
    }

    @Test
    void aLostLinkLosesWhatWasUnderWayAndKeepsWhatWaits() {
        leave(1, link);
        allow(link, 1);
        send(1, 0, 60_000);
        leave(2, link);

        link.lost(Refusals.nodeLost("the link ended"));

        assertThat(sender.refused).containsExactly("1 CODE_NODE_LOST");
        assertThat(blobs.size()).isOne();
        assertThat(budget.used()).isZero();
        allow(link, 2);
        assertThat(sender.windows).containsKey(2L);
    }

    @Test
    void whatThePeerRefusedIsOverWithoutAnotherWord() {
        leave(1, link);
        leave(2, link);
        allow(link, 2);

        link.onReceipt(Receipt.newBuilder()
                .setSession(7)
                .setFirst(1)
                .setCount(2)
                .setLevel(ReceiptLevel.RECEIPT_LEVEL_REFUSED)
                .setError(Error.newBuilder().setCode(Code.CODE_TOO_LARGE))
                .build());

        assertThat(sender.refused).isEmpty();
        assertThat(blobs.size()).isZero();
        assertThat(budget.used()).isZero();
        assertThat(link.isActive()).isFalse();
    }

    @Test
    void aPeerThatWaitsForWhatIsOverIsToldSo() {
        allow(link, 5);

        QueuedChunk ending = polled();

        assertThat(ending.length()).isZero();
        ChunkQueue.written(ending);
    }

    @Test
    void aPeerThatAsksForEverMoreThatIsOverBreaksALimit() {
        for (int blob = 1; blob <= ChunkQueue.MAX_ENDINGS; blob++) {
            allow(link, 1);
            allow(link, blob);
        }

        assertThat(link.size()).isEqualTo(ChunkQueue.MAX_ENDINGS);
        assertThatThrownBy(() -> allow(link, 5_000))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("too many windows");
        link.lost(Refusals.nodeLost("the link ended"));
        assertThat(link.isWaiting()).isFalse();
    }

    @Test
    void aPayloadThatNobodyTakesIsGivenUpAfterALongTime() {
        leave(1, link);

        clock.advance(Duration.ofMinutes(9));
        blobs.sweep(0);
        assertThat(sender.refused).isEmpty();
        clock.advance(Duration.ofMinutes(2));
        blobs.sweep(0);

        assertThat(sender.refused).containsExactly("1 CODE_EXPIRED");
    }

    @Test
    void anEndedPayloadLetsGoOfTheFramesThatWait() {
        leave(1, link);
        allow(link, 1);
        Frame frame = send(1, 0, 60_000);

        giveUp(1);

        assertThat(link.size()).as("the word that it is over").isOne();
        frame.release();
        assertThatThrownBy(frame::release).as("the test held it last").isInstanceOf(IllegalStateException.class);
        assertThat(budget.used()).isZero();
        assertThat(polled().length()).isZero();
    }

    @Test
    void oneSenderHasNoMoreThanAThousandUnderWay() {
        for (int blob = 1; blob <= 1_025; blob++) {
            leave(blob, link);
        }

        assertThat(sender.refused).containsExactly("1025 CODE_MEMORY_FULL");
        assertThat(blobs.size()).isEqualTo(1_024);
        blobs.ownerLost(sender, Refusals.nodeLost("gone"), false);
        assertThat(blobs.size()).isZero();
        assertThat(link.isActive()).isFalse();
    }

    @Test
    void whatEndedWhileItsEnvelopeWaitedForAnAddressTakesNoWay() {
        Parcel waiting = Parcels.of(sender, 1, 100);
        Blob toLink = Objects.requireNonNull(open(waiting, 1));
        giveUp(1);
        assertThat(toLink.toLink(waiting, link)).isFalse();
        assertThat(link.isActive()).isFalse();

        waiting = Parcels.of(sender, 2, 100);
        Blob whole = Objects.requireNonNull(open(waiting, 2));
        blobs.ownerLost(sender, Refusals.nodeLost("gone"), false);
        assertThat(whole.assemble(waiting, _ -> {}, _ -> {})).isFalse();

        assertThat(budget.used()).isZero();
        assertThat(blobs.size()).isZero();
    }

    /** Leaves for a link that has nothing else to do. */
    private void leaveAlone(long number) {
        var queue = new ChunkQueue(() -> {});
        leave(number, queue);
        allow(queue, number);
    }

    private void leave(long number, ChunkQueue queue) {
        Parcel parcel = Parcels.of(sender, number, 100);
        parcel.session = session;
        Blob blob = open(parcel, number);
        if (blob != null) {
            assertThat(blob.toLink(parcel, queue)).isTrue();
            blob.routed();
        }
    }

    /** A publication that goes to agents of which each takes all, and perhaps to a link. */
    private void publish(@Nullable ChunkQueue peer, ChunkQueue... agents) {
        Parcel parcel = Parcels.of(sender, 1, 100);
        parcel.destination = new Destination(Destination.TOPIC, "news");
        Blob blob = Objects.requireNonNull(open(parcel, 1));
        for (ChunkQueue agent : agents) {
            Parcel delivery = Parcels.of(sender, 1, 100);
            assertThat(blob.toAgent(delivery, agent)).isTrue();
            ((StreamBranch) delivery.origin).delivered(1, (_, _) -> {});
        }
        if (peer != null) {
            assertThat(blob.toLink(Parcels.of(sender, 1, 100), peer)).isTrue();
            allow(peer, 1);
        }
        blob.routed();
        for (ChunkQueue agent : agents) {
            allow(agent, 1);
        }
    }

    /** Sends a part of the first payload as chunks, and writes them to the link. */
    private void sendAndWrite(int offset, int size) {
        for (int sent = 0; sent < size; sent += WINDOW / 4) {
            send(1, offset + sent, Math.min(WINDOW / 4, size - sent));
            ChunkQueue.written(polled());
        }
    }

    private @Nullable Blob open(Parcel parcel, long number) {
        Envelope envelope = Envelope.newBuilder()
                .setTo(Address.newBuilder().setAgent("b"))
                .setFrom("a/1@here")
                .setSession(session)
                .setSequence(number)
                .setBlob(number)
                .setBlobBytes(TOTAL)
                .build();
        byte[] bytes = envelope.toByteArray();
        var header = new Header();
        assertThat(new EnvelopeWalker(WireLimits.DEFAULT).walk(bytes, 0, bytes.length, header))
                .isNull();
        return blobs.open(parcel, header, sender, isFromNode);
    }

    private void allow(ChunkQueue queue, long number) {
        queue.onWindow(BlobWindow.newBuilder()
                .setSession(session)
                .setBlob(number)
                .setBytes(TOTAL)
                .build());
    }

    private Frame send(long number, long offset, int size) {
        return chunk(Chunk.newBuilder().setBlob(number).setOffset(offset).setData(ByteString.copyFrom(new byte[size])));
    }

    private void giveUp(long number) {
        chunk(Chunk.newBuilder().setBlob(number).setLast(true));
    }

    private Frame chunk(Chunk.Builder chunk) {
        byte[] bytes = chunk.build().toByteArray();
        Frame frame = Frame.of(bytes, 0);
        var view = new ChunkView();
        assertThat(view.read(frame, 0, bytes.length)).isTrue();
        blobs.chunk(sender, session, view);
        return frame;
    }

    private QueuedChunk polled() {
        return polled(link);
    }

    private static QueuedChunk polled(ChunkQueue queue) {
        QueuedChunk next = queue.poll();
        if (next == null) {
            throw new AssertionError("no chunk waits");
        }
        return next;
    }

    private static final class Sender implements Origin {
        final Map<Long, Long> windows = new HashMap<>();
        final List<String> refused = new ArrayList<>();

        @Override
        public void receipts(long session, long first, int count, int level, @Nullable Error error) {
            if (level == Levels.REFUSED && error != null) {
                refused.add(first + " " + error.getCode());
            }
        }

        @Override
        public void flow(Destination destination, int lane, boolean paused) {
            // Nothing is queued for long here.
        }

        @Override
        public void held(long bytes) {
            // As above.
        }

        @Override
        public void blobWindow(long session, long blob, long bytes) {
            windows.put(blob, bytes);
        }
    }
}
