package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.Hello;
import io.dray.sidecar.replies.ReplyCache;
import io.dray.types.v1.Address;
import io.dray.types.v1.Code;
import io.dray.types.v1.Encoding;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Error;
import io.dray.types.v1.HopNote;
import io.dray.types.v1.Kind;
import io.dray.types.v1.ReceiptLevel;
import io.dray.types.v1.Window;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests and replies of played agents on one node whose sidecar keeps replies. */
class ReplyCacheTest {
    private static final int TTL_MILLIS = 1_000;
    /** Some 33 of them fill a mailbox. */
    private static final String LARGE = "X".repeat(30_000);

    @TempDir
    private Path folder;

    private Doors doors;
    private AgentClient asker;
    private AgentClient other;
    private AgentClient answerer;

    @BeforeEach
    void open() throws IOException {
        doors = new Doors(folder);
        asker = doors.agent("a");
        other = doors.agent("o");
        answerer = doors.agent("b");
    }

    @AfterEach
    void close() {
        doors.close();
    }

    @Test
    void givesAMarkedReplyAgainToWhoeverAsksTheSame() {
        ask(asker, "x");
        reply(0, "X", TTL_MILLIS);

        ask(other, "x");

        assertThat(answerer.received()).hasSize(1);
        Envelope again = other.received().getFirst();
        assertThat(again.getPayload().toStringUtf8()).isEqualTo("X");
        assertThat(again.getFrom()).isEqualTo("b/1@here");
        assertThat(again.getKind()).isEqualTo(Kind.KIND_REPLY);
        assertThat(again.getCauseSession()).isEqualTo(other.welcome().getSession());
        assertThat(again.getCauseSequence()).isOne();
        assertThat(again.getSession()).isNotEqualTo(answerer.welcome().getSession());
        assertThat(notes(other)).extracting(HopNote::getCached).containsExactly(true);
        assertThat(notes(asker)).extracting(HopNote::getCached).doesNotContain(true);
        assertThat(doors.replies.stats().hits()).isOne();
    }

    @Test
    void passesWhatIsNotTheSame() {
        ask(asker, "x");
        reply(0, "X", TTL_MILLIS);

        ask(other, "y");
        other.send(request(other, "x").setType("other"));
        other.send(request(other, "x").putHeaders("locale", "de"));
        other.send(request(other, "x").setContentType("text/html"));
        other.send(request(other, "x").setOrderingKey("k"));

        assertThat(answerer.received()).hasSize(6);
        assertThat(other.received()).isEmpty();
    }

    @Test
    void asksAgainOnceTheTimeIsOver() {
        ask(asker, "x");
        reply(0, "X", TTL_MILLIS);
        doors.loop.advance(Duration.ofMillis(TTL_MILLIS));

        ask(other, "x");

        assertThat(answerer.received()).hasSize(2);
        doors.loop.advance(Duration.ofSeconds(5));
        doors.replies.sweep(doors.context.nowMicros());
        reply(1, "X", 0);
        assertThat(doors.replies.stats().entries()).isZero();
        assertThat(doors.replies.stats().bytes()).isZero();
        assertThat(doors.budget.used()).isZero();
    }

    @Test
    void neverKeepsWhatIsNotMarkedOrFailed() {
        ask(asker, "x");
        reply(0, "X", 0);
        ask(asker, "x");
        answerer.send(replyTo(1, "", TTL_MILLIS).setError(Error.newBuilder().setCode(Code.CODE_HANDLER_FAILED)));

        ask(other, "x");

        assertThat(answerer.received()).hasSize(3);
        assertThat(doors.replies.stats().stored()).isZero();
    }

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
    void whatIsNotedTakesNoMoreThanItsBytes() {
        learn();
        for (int i = 0; i < 1_000; i++) {
            ask(asker, "never answered " + i);
        }

        assertThat(answerer.received()).hasSize(1_001);
        assertThat(doors.budget.used()).isPositive().isLessThanOrEqualTo(Doors.REPLY_BYTES);
        doors.loop.advance(Duration.ofSeconds(31));
        doors.replies.sweep(doors.context.nowMicros());
        doors.replies.clear();
        assertThat(doors.budget.used()).isZero();
    }

    @Test
    void repliesToLongTypesAreNotKept() {
        for (int i = 0; i < 2; i++) {
            asker.send(request(asker, "x").setType("t".repeat(129)));
            reply(i, "X", TTL_MILLIS);
        }

        assertThat(doors.replies.stats().stored()).isZero();
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
    void forwardsWhatItHasNoRoomToAnswer() {
        AgentClient full = attach(Doors.hello("f").setWindow(Window.getDefaultInstance()));
        ask(asker, "x");
        reply(0, LARGE, TTL_MILLIS);

        for (int i = 0; i < 40; i++) {
            ask(full, "x");
        }

        ReplyCache.Stats stats = doors.replies.stats();
        assertThat(stats.hits()).isBetween(1L, 39L);
        assertThat(stats.misses()).isEqualTo(40 - stats.hits());
        assertThat(answerer.received()).hasSize(1 + (int) stats.misses());
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

    @Test
    void keepsNothingThatWasAskedBeforeItWasCleared() {
        learn();
        ask(asker, "x");
        ask(other, "x");

        assertThat(doors.replies.clear()).isOne();
        ask(other, "x");
        reply(1, "OLD", TTL_MILLIS);

        assertThat(answerer.received()).hasSize(3);
        assertThat(other.received()).extracting(Envelope::getCauseSequence).containsExactly(1L);
        assertThat(doors.replies.stats().entries()).isZero();
        reply(2, "NEW", TTL_MILLIS);
        assertThat(doors.replies.clear()).isOne();
    }

    @Test
    void aReplyInAnothersNameIsNotKept() {
        ask(asker, "x");
        // Somebody who knows the request's id answers in place of the agent that was asked.
        other.send(other.envelope(instance("a/1@here"))
                .setKind(Kind.KIND_REPLY)
                .setCauseSession(asker.welcome().getSession())
                .setCauseSequence(1)
                .setCacheTtlMillis(TTL_MILLIS)
                .setPayload(ByteString.copyFromUtf8("forged")));

        ask(asker, "x");

        assertThat(answerer.received()).hasSize(2);
        assertThat(doors.replies.stats().stored()).isZero();
    }

    @Test
    void keepsNoMoreThanItsBytes() {
        learn();
        for (int i = 0; i < 100; i++) {
            ask(asker, "x" + i);
            reply(i + 1, "X".repeat(10_000), TTL_MILLIS);
        }

        ReplyCache.Stats stats = doors.replies.stats();
        assertThat(stats.bytes()).isPositive().isLessThanOrEqualTo(Doors.REPLY_BYTES);
        assertThat(stats.evicted()).isPositive();
        assertThat(doors.budget.used()).isEqualTo(stats.bytes());
        assertThat(doors.replies.clear()).isEqualTo(stats.entries());
        assertThat(doors.budget.used()).isZero();
    }

    @Test
    void looksNoLongerAtADestinationThatMarksNothingUntilItDoes() {
        for (int i = 0; i < 70; i++) {
            ask(asker, "x");
            reply(i, "X", 0);
        }
        ask(asker, "x");
        reply(70, "X", TTL_MILLIS);

        ask(asker, "x");
        reply(71, "X", TTL_MILLIS);
        ask(asker, "x");

        assertThat(answerer.received()).hasSize(72);
        assertThat(doors.replies.stats().hits()).isOne();
    }

    @Test
    void looksNoLongerAtOtherTypesOfADestinationThatMarksOne() {
        learn();
        for (int i = 0; i < 70; i++) {
            asker.send(request(asker, "x").setType("never"));
            reply(i + 1, "X", 0);
        }
        asker.send(request(asker, "x").setType("never"));
        reply(71, "X", TTL_MILLIS);

        ask(other, "first");

        assertThat(doors.replies.stats().stored()).isOne();
        assertThat(doors.replies.stats().hits()).isOne();
    }

    @Test
    void tellsReceiptsOfWhatItAnswered() {
        learn();

        other.send(request(other, "first").setReceipt(ReceiptLevel.RECEIPT_LEVEL_DONE));

        assertThat(other.told()).containsExactly("1 ACCEPTED", "1 DONE");
    }

    /** The sidecar learns that replies of this type are marked. */
    private void learn() {
        ask(asker, "first");
        reply(0, "FIRST", TTL_MILLIS);
    }

    private AgentClient attach(Hello.Builder hello) {
        AgentClient client = doors.connect();
        client.say(AttachRequest.newBuilder().setHello(hello).build());
        return client;
    }

    private Envelope.Builder dueIn(AgentClient from, Duration time) {
        return request(from, "x").setDeadlineUnixMicros(doors.context.nowMicros() + time.toNanos() / 1_000);
    }

    private static Envelope.Builder cancel(AgentClient from, AgentClient requester, long sequence) {
        return from.envelope("b")
                .setKind(Kind.KIND_CANCEL)
                .setCauseSession(requester.welcome().getSession())
                .setCauseSequence(sequence);
    }

    private static void ask(AgentClient from, String text) {
        from.send(request(from, text));
    }

    private static Envelope.Builder request(AgentClient from, String text) {
        return from.envelope("b").setKind(Kind.KIND_REQUEST).setType("upper").setPayload(ByteString.copyFromUtf8(text));
    }

    private void reply(int index, String text, int ttlMillis) {
        answerer.send(replyTo(index, text, ttlMillis));
    }

    private Envelope.Builder replyTo(int index, String text, int ttlMillis) {
        Envelope request = answerer.received().get(index);
        return answerer.envelope(instance(request.getFrom()))
                .setKind(Kind.KIND_REPLY)
                .setCauseSession(request.getSession())
                .setCauseSequence(request.getSequence())
                .setCacheTtlMillis(ttlMillis)
                .setPayload(ByteString.copyFromUtf8(text));
    }

    private static Address instance(String name) {
        return Address.newBuilder().setInstance(name).build();
    }

    private static List<HopNote> notes(AgentClient agent) {
        return agent.frames().stream()
                .flatMap(frame -> frame.getNotesList().stream())
                .toList();
    }
}
