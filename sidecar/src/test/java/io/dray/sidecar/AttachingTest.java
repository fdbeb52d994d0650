package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.dray.agent.v1.Answer;
import io.dray.agent.v1.Assignment;
import io.dray.agent.v1.Attempt;
import io.dray.agent.v1.Hello;
import io.dray.agent.v1.Subscription;
import io.dray.core.net.Connection;
import io.dray.core.wire.MeshError;
import io.dray.sidecar.local.Attachment;
import io.dray.sidecar.queue.Refusals;
import io.dray.types.v1.BlobWindow;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttachingTest {
    private static final Error AWAY = Refusals.nodeLost("the instance did not come back");

    @TempDir
    private Path folder;

    private Doors doors;

    @BeforeEach
    void open() throws IOException {
        doors = new Doors(folder);
    }

    @AfterEach
    void close() {
        doors.close();
    }

    @Test
    void aNodeTakesAtMostItsNumberOfSubscriptions() {
        for (int agent = 0; agent < 64; agent++) {
            attach(subscribed("a" + agent, 1_024), new Stream());
        }

        Error error = refusalOf(subscribed("late", 17));

        assertThat(error.getCode()).isEqualTo(Code.CODE_TOO_MANY);
        assertThat(error.getExpected()).isEqualTo("at most 65536");
        assertThat(attach(subscribed("modest", 16), new Stream())).isNotNull();
    }

    private static Hello subscribed(String agent, int subscriptions) {
        Hello.Builder hello = Doors.hello(agent);
        for (int i = 0; i < subscriptions; i++) {
            hello.addSubscriptions(Subscription.newBuilder().setPattern(agent + ".t" + i));
        }
        return hello.build();
    }

    @Test
    void aHolderThatAnswersPingsKeepsItsName() {
        var holder = new Stream();
        attach(Doors.hello("a").build(), holder);
        holder.silence = Duration.ofSeconds(5).minusNanos(1);

        Error error = refusalOf(Doors.hello("a").build());

        assertThat(error.getCode()).isEqualTo(Code.CODE_NAME_TAKEN);
        assertThat(error.getMessage()).contains("its holder is alive");
        assertThat(error.getValue()).isEqualTo("a/1@here");
        assertThat(holder.ended).isNull();
    }

    @Test
    void aHolderThatLeavesAPingUnansweredForFiveSecondsLosesItsName() {
        var holder = new Stream();
        Attaching.Attached former = attach(Doors.hello("a").build(), holder);
        holder.silence = Duration.ofSeconds(5);

        var successor = new Stream();
        Attaching.Attached now = attach(Doors.hello("a").build(), successor);

        assertThat(holder.ended).extracting(Error::getCode).isEqualTo(Code.CODE_NAME_TAKEN);
        assertThat(now.agent()).isNotSameAs(former.agent());
        assertThat(now.agent().attachment()).isSameAs(successor);
        assertThat(doors.agents.all()).containsExactly(now.agent());
    }

    @Test
    void aSessionIsResumedByAnotherStreamWhichEndsTheFormer() {
        var former = new Stream();
        Attaching.Attached first = attach(Doors.hello("a").build(), former);

        Attaching.Attached second = attach(resumed(first), new Stream());

        assertThat(second.agent()).isSameAs(first.agent());
        assertThat(former.ended).extracting(Error::getCode).isEqualTo(Code.CODE_NAME_TAKEN);
    }

    @Test
    void whatTheSweepTookAwayCannotBeBoundAnyMore() {
        var stream = new Stream();
        Attaching.Attached attached = attach(Doors.hello("a").build(), stream);
        attached.agent().unbind(stream);

        assertThat(doors.agents.removeAway(attached.agent(), 0, AWAY)).isTrue();

        assertThat(attached.agent().bind(new Stream(), null)).isZero();
        assertThat(doors.agents.all()).isEmpty();
    }

    @Test
    void whatCameBackBeforeTheSweepStays() {
        var stream = new Stream();
        Attaching.Attached first = attach(Doors.hello("a").build(), stream);
        first.agent().unbind(stream);
        attach(resumed(first), new Stream());

        assertThat(doors.agents.removeAway(first.agent(), 0, AWAY)).isFalse();

        assertThat(doors.agents.all()).containsExactly(first.agent());
    }

    @Test
    void whatIsAwayForAShortTimeStays() {
        var stream = new Stream();
        Attaching.Attached attached = attach(Doors.hello("a").build(), stream);
        attached.agent().unbind(stream);

        assertThat(doors.agents.removeAway(attached.agent(), Duration.ofHours(1).toNanos(), AWAY))
                .isFalse();
        assertThat(attached.agent().bind(new Stream(), null)).isNotZero();
    }

    @Test
    void anInstanceHasOneStreamAtATime() {
        Attaching.Attached attached = attach(Doors.hello("a").build(), new Stream());

        assertThat(attached.agent().bind(new Stream(), null)).isZero();
    }

    private static Hello resumed(Attaching.Attached attached) {
        return Doors.hello("a")
                .setSession(attached.welcome().getSession())
                .setSessionSecret(attached.welcome().getSessionSecret())
                .build();
    }

    private Attaching.Attached attach(Hello hello, Attachment stream) {
        return doors.attaching.attach(hello, Connection.current(), stream);
    }

    private Error refusalOf(Hello hello) {
        return MeshError.from(catchThrowable(() -> attach(hello, new Stream())));
    }

    /** A way to an agent that says how long nothing was heard, pings included. */
    private static final class Stream implements Attachment {
        private Duration silence = Duration.ZERO;
        private @Nullable Error ended;

        @Override
        public long nanosSinceHeard() {
            return silence.toNanos();
        }

        @Override
        public void allow(BlobWindow window) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void end(Error error) {
            ended = error;
        }

        @Override
        public void wake() {
            // Nothing is written here.
        }

        @Override
        public void assign(Assignment assignment) {
            throw new AssertionError("no worker");
        }

        @Override
        public void cancel(Attempt attempt) {
            throw new AssertionError("no worker");
        }

        @Override
        public void answer(Answer answer) {
            throw new AssertionError("no worker");
        }

        @Override
        public void finished(Attempt attempt) {
            throw new AssertionError("no worker");
        }
    }
}
