package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.Subscription;
import io.dray.types.v1.Address;
import io.dray.types.v1.Code;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Large payloads that are published, to subscribers with and without chunks. */
class LargePublicationsTest extends LargePayloads {
    private static final Address TOPIC = Address.newBuilder().setTopic("t").build();

    @Test
    void everySubscriberGetsThePayloadAtThePaceOfTheSlowest() {
        AgentClient fast = subscriber("fast");
        AgentClient slow = subscriber("slow");
        AgentClient sender = doors.large("a");
        byte[] payload = payload(2 * CHUNK);

        sender.send(announced(sender.envelope(TOPIC), payload.length));
        allow(fast, sender, payload.length);
        assertThat(windows(sender)).isEmpty();
        allow(slow, sender, payload.length);
        sendAll(sender, payload);

        assertThat(dataOf(fast)).isEqualTo(payload);
        assertThat(dataOf(slow)).isEqualTo(payload);
        assertThatNothingIsLeft();
    }

    @Test
    void aSubscriberThatLeavesOrSleepsHoldsNobodyUp() {
        AgentClient fast = subscriber("fast");
        AgentClient leaving = subscriber("leaving");
        subscriber("asleep");
        AgentClient sender = doors.large("a");
        byte[] payload = payload(2 * CHUNK);
        sender.send(announced(sender.envelope(TOPIC), payload.length));
        allow(fast, sender, payload.length);
        allow(leaving, sender, payload.length);

        leaving.leave();
        assertThat(windows(sender)).isEmpty();
        sweepAfter(Duration.ofSeconds(31));
        sendAll(sender, payload);

        assertThat(sender.told()).isEmpty();
        assertThat(dataOf(fast)).isEqualTo(payload);
        assertThatNothingIsLeft();
    }

    @Test
    void aPublicationThatNobodyHearsIsLetGo() {
        AgentClient sender = doors.large("a");
        byte[] payload = payload(CHUNK);

        sender.send(announced(sender.envelope(TOPIC), payload.length));
        sendAll(sender, payload);

        assertThat(sender.told()).isEmpty();
        assertThatNothingIsLeft();
    }

    @Test
    void subscribersWithoutChunksShareWhatIsPutTogetherForThem() {
        List<AgentClient> subscribers =
                Stream.of("p", "q", "r", "s").map(this::plainSubscriber).toList();
        AgentClient sender = doors.large("a");
        byte[] payload = payload(400_000);

        sender.send(announced(sender.envelope(TOPIC), payload.length));
        sendAll(sender, payload);

        assertThat(subscribers)
                .allSatisfy(subscriber -> assertThat(subscriber.received()).hasSize(1))
                .allSatisfy(subscriber -> assertThat(
                                subscriber.received().getFirst().getPayload().toByteArray())
                        .isEqualTo(payload));
        assertThatNothingIsLeft();
    }

    @Test
    void aPublicationWaitsForRoomToBePutTogether() {
        doors.agent("b");
        AgentClient subscriber = plainSubscriber("p");
        AgentClient holder = doors.large("h");
        AgentClient sender = doors.large("a");
        byte[] payload = payload(300_000);
        holder.send(announced(holder, "b", 900_000));

        sender.send(announced(sender.envelope(TOPIC), payload.length));
        sweepAfter(Duration.ofSeconds(29));
        assertThat(windows(sender)).isEmpty();
        holder.leave();
        sendAll(sender, payload);

        assertThat(subscriber.received()).hasSize(1);
        assertThat(subscriber.received().getFirst().getPayload().toByteArray()).isEqualTo(payload);
        assertThat(doors.refusals.of(Code.CODE_MEMORY_FULL)).isZero();
        assertThatNothingIsLeft();
    }

    @Test
    void subscribersForWhomThereIsNoRoomHoldOthersUpForHalfAMinuteAtMost() {
        doors.agent("b");
        plainSubscriber("p");
        plainSubscriber("q");
        AgentClient fast = subscriber("fast");
        AgentClient holder = doors.large("h");
        AgentClient sender = doors.large("a");
        byte[] payload = payload(2 * CHUNK);
        byte[] held = payload(890_000);
        holder.send(announced(holder, "b", held.length));
        sender.send(announced(sender.envelope(TOPIC), payload.length));
        allow(fast, sender, payload.length);

        sweepAfter(Duration.ofSeconds(29));
        chunk(holder, held, 0, CHUNK);
        assertThat(windows(sender)).isEmpty();
        sweepAfter(Duration.ofSeconds(2));
        sendAll(sender, payload);

        assertThat(doors.refusals.of(Code.CODE_EXPIRED)).isEqualTo(2);
        assertThat(dataOf(fast)).isEqualTo(payload);
        holder.leave();
        assertThatNothingIsLeft();
    }

    private AgentClient plainSubscriber(String name) {
        AgentClient subscriber = doors.agent(name);
        subscriber.say(AttachRequest.newBuilder()
                .addSubscriptions(Subscription.newBuilder().setPattern("t"))
                .build());
        return subscriber;
    }
}
