package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.AttachResponse;
import io.dray.agent.v1.Subscription;
import io.dray.types.v1.Address;
import io.dray.types.v1.Code;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Error;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoorClientTest implements DoorClient.Listener {
    @TempDir
    private Path folder;

    private final List<Envelope> received = new ArrayList<>();
    private @Nullable Error ended;
    private boolean faulty;
    private Doors doors;
    private AgentClient agent;
    private DoorPlaces.Place place;

    @BeforeEach
    void open() throws IOException {
        doors = new Doors(folder);
        agent = doors.agent("a");
        place = doors.places.take("connection");
    }

    @AfterEach
    void close() {
        doors.close();
    }

    @Test
    void comesAndGoesWithoutANewTopicPlanAndIsReachedMeanwhile() {
        long before = doors.agents.subscriptions().version();
        Address address;
        try (var client = new DoorClient(doors.context, "", doors.loop, place, this)) {
            address =
                    Address.newBuilder().setInstance(client.agent().instance()).build();
            agent.send(agent.envelope(address));
            assertThat(received).hasSize(1);
            assertThat(doors.agents.all()).contains(client.agent());
        }

        agent.send(agent.envelope(address));

        assertThat(agent.told()).containsExactly("2 REFUSED NO_SUCH_DESTINATION");
        assertThat(doors.agents.subscriptions().version()).isEqualTo(before);
    }

    @Test
    void itsSubscriptionIsThereUntilItLeaves() {
        try (var client = new DoorClient(doors.context, "", doors.loop, place, this)) {
            doors.agents.subscribe(
                    client.agent(),
                    List.of(Subscription.newBuilder().setPattern("news").build()));
            agent.send(agent.envelope(Address.newBuilder().setTopic("news").build()));
            assertThat(received).hasSize(1);
        }

        assertThat(doors.agents.subscriptions().all()).isEmpty();
    }

    @Test
    void whatFindsNoRoomWaitsInTheMailboxUntilThereIs() {
        DoorPlaces.Place other = doors.places.take("another");
        long all = other.mostBytes();
        assertThat(other.tryHold(all)).isTrue();
        try (var client = new DoorClient(doors.context, "", doors.loop, place, this)) {
            Address address =
                    Address.newBuilder().setInstance(client.agent().instance()).build();
            agent.send(agent.envelope(address).setPayload(ByteString.copyFrom(new byte[1_000])));
            agent.send(agent.envelope(address).setPayload(ByteString.copyFrom(new byte[50_000])));
            assertThat(received).isEmpty();
            assertThat(client.agent().mailbox().queuedEnvelopes()).isEqualTo(2);

            other.giveBack(20_000);
            doors.loop.runReady();
            assertThat(received).hasSize(1);
            other.letGo();
            doors.loop.runReady();

            assertThat(received).hasSize(2);
            assertThat(ended).isNull();
        }
        other.close();
        place.close();
        assertThat(doors.budget.used()).isZero();
    }

    @Test
    void answersAreHandedOverAlsoWhenTheBudgetIsUsedUpByThem() {
        try (var client = new DoorClient(doors.context, "", doors.loop, place, this)) {
            Address address =
                    Address.newBuilder().setInstance(client.agent().instance()).build();
            byte[] envelope = AttachRequest.newBuilder()
                    .addEnvelopes(agent.envelope(address).setPayload(ByteString.copyFrom(new byte[50_000])))
                    .build()
                    .toByteArray();
            long rest = doors.budget.free() - envelope.length - 1_000;
            assertThat(doors.budget.tryReserve(rest)).isTrue();

            agent.say(envelope);

            assertThat(received).hasSize(1);
            doors.budget.release(rest);
        }
    }

    @Test
    void whatCanNeverFitEndsTheCall() {
        DoorPlaces small = new DoorPlaces(doors.budget, 10_000, 10_000);
        try (var client = new DoorClient(doors.context, "", doors.loop, small.take("connection"), this)) {
            agent.send(agent.envelope(Address.newBuilder()
                            .setInstance(client.agent().instance())
                            .build())
                    .setPayload(ByteString.copyFrom(new byte[10_000])));
        }

        assertThat(ended).extracting(Error::getCode).isEqualTo(Code.CODE_MEMORY_FULL);
        assertThat(received).isEmpty();
    }

    @Test
    void aFaultEndsItsCallAndNoOther() {
        faulty = true;
        try (var client = new DoorClient(doors.context, "", doors.loop, place, this)) {
            agent.send(agent.envelope(
                    Address.newBuilder().setInstance(client.agent().instance()).build()));
        }

        assertThat(ended).extracting(Error::getCode).isEqualTo(Code.CODE_INTERNAL);
        agent.send(agent.envelope("a"));
        assertThat(agent.received()).hasSize(1);
    }

    @Override
    public boolean onFrame(AttachResponse frame) {
        if (faulty) {
            throw new IllegalStateException("planted");
        }
        received.addAll(frame.getEnvelopesList());
        return false;
    }

    @Override
    public void onEnd(Error error) {
        ended = error;
    }
}
