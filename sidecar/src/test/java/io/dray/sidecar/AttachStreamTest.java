package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.dray.agent.v1.AttachRequest;
import io.dray.types.v1.Chunk;
import io.dray.types.v1.Code;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Receipt;
import io.dray.types.v1.ReceiptLevel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttachStreamTest {
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
    void aFrameWithTooManyEnvelopesEndsItsStreamAndNoOther() {
        AgentClient hostile = doors.agent("a");
        AgentClient other = doors.agent("b");

        hostile.say(empty(1, 1_025));

        assertThat(hostile.error().getCode()).isEqualTo(Code.CODE_TOO_MANY);
        assertThat(hostile.error().getValue()).isEqualTo("over 1024");
        assertThat(hostile.error().getExpected()).isEqualTo("at most 1024");
        assertThat(doors.refusals.of(Code.CODE_TOO_MANY)).isEqualTo(1);
        other.send(other.envelope("b"));
        assertThat(other.received()).hasSize(1);
    }

    @Test
    void nothingOfAFrameWithTooManyEnvelopesIsTaken() {
        AgentClient hostile = doors.agent("a");
        Envelope good = hostile.envelope("a").build();

        hostile.say(AttachRequest.newBuilder()
                .addAllEnvelopes(Collections.nCopies(1_025, good))
                .build());

        assertThat(hostile.received()).isEmpty();
    }

    @Test
    void aFullFrameOfBadEnvelopesIsRefusedOneByOne() {
        AgentClient agent = doors.agent("a");

        agent.say(empty(1, 1_024));

        assertThat(agent.call.isOpen()).isTrue();
        assertThat(agent.receipts()).hasSize(1_024);
    }

    @Test
    void aFrameWithTooManyControlFieldsEndsItsStream() {
        AgentClient agent = doors.agent("a");
        agent.say(empty(3, 16_384));
        assertThat(agent.call.isOpen()).isTrue();

        agent.say(empty(3, 16_385));

        assertThat(agent.error().getCode()).isEqualTo(Code.CODE_TOO_MANY);
        assertThat(agent.error().getExpected()).isEqualTo("at most 16384");
    }

    @Test
    void aLargeFrameMustHoldOneEnvelopeAlone() {
        AgentClient agent = doors.agent("a");
        agent.send(large(agent, 1_100_000));
        assertThat(agent.received()).hasSize(1);

        agent.say(AttachRequest.newBuilder()
                .addEnvelopes(large(agent, 600_000))
                .addEnvelopes(large(agent, 600_000))
                .build());

        assertThat(agent.error().getCode()).isEqualTo(Code.CODE_TOO_LARGE);
        assertThat(agent.error().getExpected()).isEqualTo("at most 1048576 B, or one envelope alone");
        assertThat(agent.received()).hasSize(1);
    }

    @Test
    void aHelloBesideAnythingElseIsRefusedInsteadOfDroppingIt() {
        for (AttachRequest.Builder frame : List.of(
                AttachRequest.newBuilder().addEnvelopes(Envelope.getDefaultInstance()),
                AttachRequest.newBuilder().addReceipts(Receipt.getDefaultInstance()),
                AttachRequest.newBuilder().setGoodbye(true))) {
            AgentClient agent = doors.connect();

            agent.say(frame.setHello(Doors.hello("a")).build());

            assertThat(agent.error().getCode()).isEqualTo(Code.CODE_HELLO_EXPECTED);
            assertThat(agent.error().getExpected()).isEqualTo("hello alone");
        }
        assertThat(doors.agents.all()).isEmpty();
    }

    @Test
    void aChunkThatIsNoneEndsTheStream() {
        AgentClient agent = doors.agent("a");

        agent.say(AttachRequest.newBuilder()
                .addChunks(Chunk.newBuilder()
                        .setUnknownFields(UnknownFieldSet.newBuilder()
                                .addField(
                                        Chunk.BLOB_FIELD_NUMBER,
                                        UnknownFieldSet.Field.newBuilder()
                                                .addVarint(1)
                                                .build())
                                .build()))
                .build());

        assertThat(agent.error().getCode()).isEqualTo(Code.CODE_BAD_FRAME);
    }

    @Test
    void aFaultEndsItsStreamWithInternalAndNoOther() {
        AgentClient faulty = doors.agent("a");
        AgentClient other = doors.agent("b");
        faulty.call.faulty = true;

        faulty.send(faulty.envelope("a"));

        assertThat(faulty.error().getCode()).isEqualTo(Code.CODE_INTERNAL);
        assertThat(doors.refusals.of(Code.CODE_INTERNAL)).isEqualTo(1);
        other.send(other.envelope("b"));
        assertThat(other.received()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {77, -1, 0, 1, 2, 3})
    void aReceiptOfALevelThatAnAgentCannotSayChangesNothing(int level) {
        AgentClient agent = doors.agent("a");
        agent.send(agent.envelope("a").setReceipt(ReceiptLevel.RECEIPT_LEVEL_DONE));

        agent.answer(Receipt.newBuilder().setFirst(1).setLevelValue(level));

        assertThat(agent.call.isOpen()).isTrue();
        assertThat(agent.told()).containsExactly("1 ACCEPTED", "1 DELIVERED");
        agent.answer(Receipt.newBuilder().setFirst(1).setLevel(ReceiptLevel.RECEIPT_LEVEL_DONE));
        assertThat(agent.told()).containsExactly("1 ACCEPTED", "1 DELIVERED", "1 DONE");
    }

    @Test
    void aRefusalWithoutAReasonGetsOne() {
        AgentClient agent = doors.agent("a");
        agent.send(agent.envelope("a").setReceipt(ReceiptLevel.RECEIPT_LEVEL_DONE));

        agent.answer(Receipt.newBuilder().setFirst(1).setLevel(ReceiptLevel.RECEIPT_LEVEL_REFUSED));

        assertThat(agent.told()).containsExactly("1 ACCEPTED", "1 DELIVERED", "1 REFUSED HANDLER_FAILED");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 65_536, Integer.MAX_VALUE, -1})
    void aHugeCountAnswersWhatWasDeliveredAndNothingElse(int count) {
        AgentClient agent = doors.agent("a");
        agent.send(agent.envelope("a").setReceipt(ReceiptLevel.RECEIPT_LEVEL_DONE));

        agent.answer(Receipt.newBuilder().setFirst(1).setCount(count).setLevel(ReceiptLevel.RECEIPT_LEVEL_DONE));

        assertThat(agent.told()).containsExactly("1 ACCEPTED", "1 DELIVERED", "1 DONE");
    }

    private static Envelope.Builder large(AgentClient agent, int bytes) {
        return agent.envelope("a").setPayload(ByteString.copyFrom(new byte[bytes]));
    }

    /** A frame of empty messages of one field. */
    private static byte[] empty(int field, int count) {
        byte[] frame = new byte[2 * count];
        for (int i = 0; i < count; i++) {
            frame[2 * i] = (byte) (field << 3 | 2);
        }
        return frame;
    }
}
