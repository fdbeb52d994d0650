package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.agent.v1.AttachRequest;
import io.dray.sidecar.replies.ReplyCache;
import io.dray.types.v1.Encoding;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Kind;
import io.dray.types.v1.ReceiptLevel;
import io.dray.types.v1.Window;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Identical requests that wait for the reply to one of them. */
class SharedReplyTest extends RepliesOfAgents {
    @Test
    void identicalRequestsOnTheirWayShareOneReply() {
        ask(asker, "first");
        reply(0, "FIRST", TTL_MILLIS);

        ask(asker, "x");
        ask(other, "x");
        ask(other, "x");
        assertThat(answerer.received()).hasSize(2);
        reply(1, "X", TTL_MILLIS);

        assertThat(other.received())
                .extracting(envelope -> envelope.getPayload().toStringUtf8())
                .containsExactly("X", "X");
        assertThat(other.received()).extracting(Envelope::getCauseSequence).containsExactly(1L, 2L);
        assertThat(doors.replies.stats().coalesced()).isEqualTo(2);
    }

    @Test
    void whoWaitedGoesItsOwnWayWhenTheFirstIsNotMarked() {
        learn();
        ask(asker, "x");
        ask(other, "x");

        reply(1, "X", 0);

        assertThat(answerer.received()).hasSize(3);
        assertThat(answerer.received().get(2).getFrom()).isEqualTo("o/1@here");
        assertThat(other.received()).isEmpty();
    }

    @Test
    void whoWaitedGoesItsOwnWayWhenTheFirstIsRefused() {
        learn();
        answerer.say(AttachRequest.newBuilder().setGoodbye(true).build());
        answerer.leave();

        asker.say(AttachRequest.newBuilder()
                .addEnvelopes(request(asker, "x"))
                .addEnvelopes(request(asker, "x"))
                .build());

        assertThat(asker.told())
                .containsExactlyInAnyOrder("2 REFUSED NO_SUCH_DESTINATION", "3 REFUSED NO_SUCH_DESTINATION");
        assertThat(doors.replies.stats().coalesced()).isZero();
    }

    @Test
    void whoWaitedGoesItsOwnWayWhenTheFirstHearsThatTheAgentIsLost() {
        learn();
        asker.send(request(asker, "x").setReceipt(ReceiptLevel.RECEIPT_LEVEL_DONE));
        ask(other, "x");
        assertThat(answerer.received()).hasSize(2);

        answerer.leave();
        doors.loop.runReady();

        assertThat(asker.told()).endsWith("2 REFUSED NODE_LOST");
        assertThat(doors.replies.stats().misses()).isEqualTo(2);
    }

    @Test
    void whoWaitedGoesItsOwnWayWhenTheFirstGivesUp() {
        learn();
        ask(asker, "x");
        ask(other, "x");

        asker.send(cancel(asker, asker, 2));

        assertThat(answerer.received())
                .extracting(Envelope::getKind)
                .containsExactly(Kind.KIND_REQUEST, Kind.KIND_REQUEST, Kind.KIND_REQUEST, Kind.KIND_CANCEL);
    }

    @Test
    void whoWaitedAndGaveUpIsNotSent() {
        learn();
        ask(asker, "x");
        ask(other, "x");

        other.send(cancel(other, asker, 2));
        other.send(cancel(other, other, 1));
        reply(1, "X", 0);

        assertThat(answerer.received())
                .extracting(Envelope::getKind)
                .containsExactly(Kind.KIND_REQUEST, Kind.KIND_REQUEST, Kind.KIND_CANCEL, Kind.KIND_CANCEL);
    }

    @Test
    void whoWaitedAndIsGoneIsNotSent() {
        learn();
        ask(asker, "x");
        ask(other, "x");

        other.say(AttachRequest.newBuilder().setGoodbye(true).build());
        other.leave();
        reply(1, "X", 0);

        assertThat(answerer.received()).hasSize(2);
    }

    @Test
    void whoWaitedGoesItsOwnWayWhenNoReplyComes() {
        learn();
        ask(asker, "x");
        ask(other, "x");

        doors.loop.advance(Duration.ofSeconds(31));
        doors.replies.sweep(doors.context.nowMicros());
        doors.loop.runReady();

        assertThat(answerer.received()).hasSize(3);
    }

    @Test
    void whoWaitedGoesItsOwnWayWhenTheAgentIsLost() {
        learn();
        ask(asker, "x");
        ask(other, "x");
        AgentClient successor = attach(Doors.hello("b").setSuffix("2"));

        answerer.leave();

        assertThat(successor.received()).extracting(Envelope::getFrom).containsExactly("o/1@here");
        assertThat(doors.replies.stats().coalesced()).isZero();
        assertThat(doors.replies.stats().misses()).isEqualTo(2);
    }

    @Test
    void nobodyWaitsForAReplyThatIsLate() {
        learn();
        asker.send(dueIn(asker, Duration.ofSeconds(90)));
        other.send(dueIn(other, Duration.ofSeconds(5)));

        doors.loop.advance(Duration.ofMillis(500));

        assertThat(answerer.received()).hasSize(3);
        assertThat(doors.replies.stats().misses()).isEqualTo(2);
        reply(1, "LATE", TTL_MILLIS);
        assertThat(other.received()).isEmpty();
        ask(other, "x");
        assertThat(doors.replies.stats().hits()).isOne();
    }

    @Test
    void aSlowAgentIsAskedByOneMoreNotByAllThatWait() {
        learn();
        ask(asker, "x");
        for (int i = 0; i < 10; i++) {
            ask(other, "x");
        }

        doors.loop.advance(Duration.ofMillis(600));
        assertThat(answerer.received()).hasSize(3);
        reply(1, "X", TTL_MILLIS);

        assertThat(other.received()).hasSize(9);
        assertThat(doors.replies.stats().coalesced()).isEqualTo(9);
        reply(2, "X", TTL_MILLIS);
        assertThat(other.received())
                .extracting(Envelope::getCauseSequence)
                .containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
    }

    @Test
    void nobodyWaitsForMoreThanHalfOfItsTime() {
        ask(asker, "first");
        doors.loop.advance(Duration.ofSeconds(10));
        reply(0, "FIRST", TTL_MILLIS);
        asker.send(dueIn(asker, Duration.ofSeconds(90)));
        other.send(dueIn(other, Duration.ofSeconds(4)));
        other.send(dueIn(other, Duration.ofSeconds(30)));

        doors.loop.advance(Duration.ofMillis(1_999));
        assertThat(answerer.received()).hasSize(2);
        doors.loop.advance(Duration.ofMillis(1));

        assertThat(answerer.received()).hasSize(3);
        reply(1, "X", TTL_MILLIS);
        assertThat(other.received()).extracting(Envelope::getCauseSequence).containsExactly(2L);
    }

    @Test
    void ofThoseThatHaveWaitedHalfTheirTimeOneGoesAndTheOthersWaitForIt() {
        ask(asker, "first");
        doors.loop.advance(Duration.ofSeconds(10));
        reply(0, "FIRST", TTL_MILLIS);
        asker.send(dueIn(asker, Duration.ofSeconds(90)));
        for (int i = 0; i < 10; i++) {
            other.send(dueIn(other, Duration.ofSeconds(8)));
        }

        doors.loop.advance(Duration.ofMillis(4_100));
        assertThat(answerer.received()).hasSize(3);
        doors.loop.advance(Duration.ofSeconds(2));
        assertThat(answerer.received()).hasSize(4);
        reply(3, "X", TTL_MILLIS);

        assertThat(answerer.received()).hasSize(4);
        assertThat(other.received()).hasSize(9);
    }

    @Test
    void whoHasNoTimeLeftIsNotSentAnyMore() {
        ask(asker, "first");
        doors.loop.advance(Duration.ofSeconds(10));
        reply(0, "FIRST", TTL_MILLIS);
        asker.send(dueIn(asker, Duration.ofSeconds(90)));
        for (int i = 0; i < 10; i++) {
            other.send(dueIn(other, Duration.ofMillis(900)));
        }

        doors.loop.advance(Duration.ofSeconds(5));

        assertThat(answerer.received()).hasSize(3);
        reply(2, "X", TTL_MILLIS);
        assertThat(other.received()).hasSize(1);
    }

    @Test
    void whoWaitedGoesItsOwnWayWhenItHasNoRoomForTheReply() {
        AgentClient full = attach(Doors.hello("f").setWindow(Window.getDefaultInstance()));
        learn();
        ask(asker, "x");
        for (int i = 0; i < 40; i++) {
            ask(full, "x");
        }

        reply(1, LARGE, TTL_MILLIS);

        ReplyCache.Stats stats = doors.replies.stats();
        assertThat(stats.coalesced()).isBetween(1L, 39L);
        assertThat(stats.misses()).isEqualTo(1 + 40 - stats.coalesced());
        assertThat(answerer.received()).hasSize(1 + (int) stats.misses());
    }

    @Test
    void whoWaitedGoesItsOwnWayWhenItDoesNotAcceptTheEncoding() {
        AgentClient accepting = attach(Doors.hello("z").addAcceptEncodings(Encoding.ENCODING_ZSTD));
        learn();
        ask(accepting, "x");
        ask(other, "x");

        answerer.send(replyTo(1, "X", TTL_MILLIS).setPayloadEncoding(Encoding.ENCODING_ZSTD));

        assertThat(accepting.received()).hasSize(1);
        assertThat(answerer.received()).hasSize(3);
        assertThat(answerer.received().get(2).getFrom()).isEqualTo("o/1@here");
    }
}
