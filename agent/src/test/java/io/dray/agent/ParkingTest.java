package io.dray.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.Welcome;
import io.dray.core.testing.ManualLoop;
import io.dray.core.wire.FrameWalker;
import io.dray.core.wire.MessageId;
import io.dray.types.v1.Address;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Error;
import io.dray.types.v1.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Replies for requesters that take none for a while. */
class ParkingTest {
    private static final int REPLY_BYTES = 60_000;
    /** 18 MB: more than an outbox, and more than its share. */
    private static final int REPLIES = 300;

    private static final Duration LOOK = Duration.ofMillis(25);

    private static final int SESSION = 7;

    private final ManualLoop manual = new ManualLoop();
    private final Loop loop = new Loop(manual, () -> true, manual.clock(), manual.clock()::nanoTime);
    private final CountingPort port = new CountingPort();
    private final List<Outgoing> refused = new ArrayList<>();
    private final List<MessageId> refusedIds = new ArrayList<>();
    private final Outbox outbox = new Outbox(
            Buffers.DEFAULTS, loop, new Timers(loop), new ResendPause(new Random(1)), this::onRefused, port, List.of());

    private final Drafts drafts = new Drafts(
            loop::unixMicros,
            outbox.unfinished(),
            Duration.ofSeconds(30),
            new Callbacks(true),
            () -> Session.SendLimits.DEFAULTS);
    private int sequence;

    ParkingTest() {
        var welcome = Welcome.newBuilder()
                .setInstance("a/b@c")
                .setNode("c")
                .setSession(1)
                .build();
        loop.run(() -> outbox.onAttached(Session.of(welcome), 0, false, null));
        manual.runReady();
    }

    @Test
    void nothingIsLostOfARequesterThatOnlyPaused() {
        pause("slow", true);
        reply("slow", REPLIES);

        assertThat(outbox.isFull()).isTrue();
        manual.advance(Duration.ofSeconds(1));
        pause("slow", false);

        assertThat(port.bytes).isGreaterThan((long) REPLIES * REPLY_BYTES);
        assertThat(refused).isEmpty();
        assertThat(outbox.isFull()).isFalse();
        assertThat(outbox.queuedBytes()).isZero();
    }

    @Test
    void aStuckRequesterIsToldAndHoldsUpNobodyForLong() {
        pause("stuck", true);
        reply("stuck", REPLIES);
        manual.advance(Duration.ofSeconds(3));

        assertThat(outbox.isFull()).isFalse();
        assertThat(refused).hasSizeBetween(REPLIES / 2, REPLIES - 1);
        assertThat(refusedIds).contains(new MessageId(SESSION, REPLIES));
        refused.forEach(reply -> outbox.queue(drafts.failure(reply, Errors.full("stuck", "full"))));
        int before = refused.size();
        reply("stuck", 1);
        assertThat(refused).hasSize(before + 1);

        reply("other", 1);
        assertThat(port.bytes).isGreaterThan(REPLY_BYTES);
        pause("stuck", false);
        assertThat(outbox.queuedBytes()).isZero();
        assertThat(port.envelopes).isEqualTo(REPLIES + 1);
    }

    @Test
    void aFewThatPauseHoldUpNobody() {
        for (int i = 0; i < 3; i++) {
            pause("slow" + i, true);
            reply("slow" + i, 40);
            assertThat(outbox.isFull()).isFalse();
        }
        pause("slow3", true);
        reply("slow3", 40);
        assertThat(outbox.isFull()).isTrue();
    }

    @Test
    void manyThatAreStuckOneAfterAnotherHoldUpTheOthersForFourSecondsAndAnEighthEach() {
        Duration held = Duration.ZERO;
        for (int i = 0; i < 12; i++) {
            pause("stuck" + i, true);
            reply("stuck" + i, REPLIES);
            while (outbox.isFull()) {
                manual.advance(LOOK);
                held = held.plus(LOOK);
            }
        }
        assertThat(held).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(6));

        pause("slow", true);
        reply("slow", REPLIES);
        assertThat(outbox.isFull()).isTrue();
        pause("slow", false);
        assertThat(outbox.isFull()).isFalse();
    }

    private void pause(String agent, boolean paused) {
        loop.run(() -> outbox.destinations().onFlow(address(agent), Destinations.ALL_LANES, paused, 0));
        manual.runReady();
    }

    private void reply(String requester, int count) {
        var payload = ByteString.copyFrom(new byte[REPLY_BYTES]);
        for (int i = 0; i < count; i++) {
            sequence++;
            byte[] bytes = Envelope.newBuilder()
                    .setSession(SESSION)
                    .setSequence(sequence)
                    .setFrom(instance(requester))
                    .setKind(Kind.KIND_REQUEST)
                    .build()
                    .toByteArray();
            var request = Objects.requireNonNull(
                    Incoming.read(bytes, 0, bytes.length, new FrameWalker(), new TextMemo()), "readable");
            outbox.queue(drafts.reply(request, 0, Message.content().payload(payload)));
        }
        manual.runReady();
    }

    private void onRefused(MessageId id, Error error, @Nullable Outgoing reply) {
        refusedIds.add(id);
        refused.add(Objects.requireNonNull(reply));
    }

    private static Address address(String agent) {
        return Address.newBuilder().setInstance(instance(agent)).build();
    }

    private static String instance(String agent) {
        return agent + "/1@c";
    }

    private static final class CountingPort implements SidecarPort {
        private int envelopes;
        private long bytes;

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void write(OutFrame frame) {
            try (var written = frame.stream()) {
                AttachRequest request = AttachRequest.parseFrom(written);
                envelopes += request.getEnvelopesCount();
                bytes += request.getSerializedSize();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
