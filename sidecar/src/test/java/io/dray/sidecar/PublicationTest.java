package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.Subscription;
import io.dray.peer.v1.DeliverRequest;
import io.dray.types.v1.Address;
import io.dray.types.v1.Code;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.HopNote;
import io.dray.types.v1.ReceiptLevel;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PublicationTest {
    private static final Address TOPIC = Address.newBuilder().setTopic("news").build();

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
    void aSubscriberThatMissesItIsCountedAndTheSenderHearsOneVerdict() {
        AgentClient deaf = subscriber("deaf");
        deaf.call.ready = false;
        AgentClient healthy = subscriber("healthy");
        AgentClient publisher = doors.agent("publisher");

        publisher.send(publication(publisher, 1_000_000));
        publisher.send(publication(publisher, 10));

        assertThat(publisher.told()).containsExactly("1 ACCEPTED", "2 ACCEPTED");
        assertThat(healthy.received()).hasSize(2);
        assertThat(doors.refusals.of(Code.CODE_MAILBOX_FULL)).isEqualTo(1);
    }

    @Test
    void aSubscriberThatLeavesWithoutReadingItTellsTheSenderNothingMore() {
        AgentClient deaf = subscriber("deaf");
        deaf.call.ready = false;
        AgentClient publisher = doors.agent("publisher");
        publisher.send(publication(publisher, 10));

        deaf.say(AttachRequest.newBuilder().setGoodbye(true).build());
        deaf.leave();

        assertThat(publisher.told()).containsExactly("1 ACCEPTED");
        assertThat(doors.refusals.of(Code.CODE_NODE_LOST)).isEqualTo(1);
    }

    @Test
    void aPeerHearsNothingOfSingleSubscribers() {
        AgentClient deaf = subscriber("deaf");
        deaf.call.ready = false;
        AgentClient publisher = doors.agent("publisher");
        publisher.send(publication(publisher, 1_000_000));
        PeerClient peer = PeerClient.welcomed(doors, "there");

        peer.say(DeliverRequest.newBuilder()
                .addEnvelopes(peer.envelope("unused").setTo(TOPIC))
                .addNotes(HopNote.newBuilder().setPlainSubscribers(true)));

        assertThat(peer.refusals()).isEmpty();
        assertThat(doors.refusals.of(Code.CODE_MAILBOX_FULL)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"RECEIPT_LEVEL_STORED", "RECEIPT_LEVEL_DELIVERED", "RECEIPT_LEVEL_DONE"})
    void aWishThatSubscribersWouldAnswerDifferentlyIsRefused(ReceiptLevel wish) {
        AgentClient publisher = doors.agent("publisher");

        publisher.send(publication(publisher, 10).setReceipt(wish));

        assertThat(publisher.told()).containsExactly("1 REFUSED UNIMPLEMENTED");
    }

    private AgentClient subscriber(String name) {
        AgentClient agent = doors.agent(name);
        agent.say(AttachRequest.newBuilder()
                .addSubscriptions(Subscription.newBuilder().setPattern("news"))
                .build());
        return agent;
    }

    private static Envelope.Builder publication(AgentClient publisher, int bytes) {
        return publisher
                .envelope(TOPIC)
                .setReceipt(ReceiptLevel.RECEIPT_LEVEL_ACCEPTED)
                .setPayload(ByteString.copyFrom(new byte[bytes]));
    }
}
