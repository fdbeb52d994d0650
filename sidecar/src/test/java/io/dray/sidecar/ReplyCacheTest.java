package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.sidecar.replies.ReplyCache;
import io.dray.types.v1.Code;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Error;
import io.dray.types.v1.HopNote;
import io.dray.types.v1.Kind;
import io.dray.types.v1.ReceiptLevel;
import io.dray.types.v1.Window;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Which replies are given again, for how long, and in how much room. */
class ReplyCacheTest extends RepliesOfAgents {
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
}
