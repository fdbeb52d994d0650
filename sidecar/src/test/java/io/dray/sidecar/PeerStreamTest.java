package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.dray.core.wire.ZstdFrames;
import io.dray.peer.v1.Compressed;
import io.dray.peer.v1.DeliverRequest;
import io.dray.peer.v1.LinkHello;
import io.dray.sidecar.frame.Frame;
import io.dray.types.v1.Chunk;
import io.dray.types.v1.Code;
import io.dray.types.v1.DeliveryClass;
import io.dray.types.v1.Encoding;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.HopNote;
import io.dray.types.v1.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerStreamTest {
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
    void deliversWhatAPeerSends() {
        AgentClient agent = doors.agent("b");
        PeerClient peer = PeerClient.welcomed(doors, "there");

        peer.send(peer.envelope("b"));

        assertThat(agent.received()).hasSize(1);
        assertThat(peer.refusals()).isEmpty();
    }

    @Test
    void aFrameWithTooManyEnvelopesEndsItsStreamAndNoOther() {
        AgentClient agent = doors.agent("b");
        PeerClient hostile = PeerClient.welcomed(doors, "there");
        PeerClient other = PeerClient.welcomed(doors, "there");
        Envelope good = hostile.envelope("b").build();

        hostile.say(DeliverRequest.newBuilder().addAllEnvelopes(Collections.nCopies(1_025, good)));

        assertThat(hostile.error().getCode()).isEqualTo(Code.CODE_TOO_MANY);
        assertThat(hostile.error().getExpected()).isEqualTo("at most 1024");
        assertThat(agent.received()).isEmpty();
        other.send(other.envelope("b"));
        assertThat(agent.received()).hasSize(1);
    }

    @Test
    void aFrameWithTooManyNotesEndsItsStream() {
        PeerClient peer = PeerClient.welcomed(doors, "there");

        peer.say(DeliverRequest.newBuilder().addAllNotes(Collections.nCopies(16_385, HopNote.getDefaultInstance())));

        assertThat(peer.error().getCode()).isEqualTo(Code.CODE_TOO_MANY);
        assertThat(peer.error().getExpected()).isEqualTo("at most 16384");
    }

    @Test
    void aLargeFrameMustHoldOneEnvelopeAloneAlsoWhenCompressed() {
        PeerClient peer = PeerClient.welcomed(doors, "there");
        byte[] payload = new byte[600_000];
        new Random(7).nextBytes(payload);
        Arrays.fill(payload, 0, 300_000, (byte) 0);
        byte[] large = DeliverRequest.newBuilder()
                .addEnvelopes(peer.envelope("b").setPayload(ByteString.copyFrom(payload)))
                .addEnvelopes(peer.envelope("b").setPayload(ByteString.copyFrom(payload)))
                .build()
                .toByteArray();

        peer.say(DeliverRequest.newBuilder().setCompressed(zipped(large)));

        assertThat(peer.error().getCode()).isEqualTo(Code.CODE_TOO_LARGE);
    }

    @Test
    void aLargeCompressedFrameOfPaddingIsRefused() {
        for (int field : new int[] {DeliverRequest.NOTES_FIELD_NUMBER, 200}) {
            PeerClient peer = PeerClient.welcomed(doors, "there");
            byte[] padded = padded(peer.envelope("b").build(), field, 1_100_000);

            peer.say(DeliverRequest.newBuilder().setCompressed(zipped(padded)));

            assertThat(peer.error().getCode()).as("field %d", field).isEqualTo(Code.CODE_BAD_FRAME);
        }
    }

    @Test
    void fieldsThatNobodyKnowsPassAsLongAsTheyAreFew() {
        AgentClient agent = doors.agent("b");
        PeerClient peer = PeerClient.welcomed(doors, "there");
        PeerClient padding = PeerClient.welcomed(doors, "there");

        peer.say(padded(peer.envelope("b").build(), 200, 60_000));
        padding.say(padded(padding.envelope("b").build(), 200, 66_000));

        assertThat(agent.received()).hasSize(1);
        assertThat(padding.error().getCode()).isEqualTo(Code.CODE_BAD_FRAME);
        assertThat(padding.error().getMessage()).contains("nobody knows");
    }

    @Test
    void oneLargeEnvelopeIsTakenCompressed() {
        AgentClient agent = doors.agent("b");
        PeerClient peer = PeerClient.welcomed(doors, "there");
        byte[] large = DeliverRequest.newBuilder()
                .addEnvelopes(peer.envelope("b").setPayload(text(3_000_000)))
                .build()
                .toByteArray();

        peer.say(DeliverRequest.newBuilder().setCompressed(zipped(large)));

        assertThat(peer.call.isOpen()).isTrue();
        assertThat(agent.received()).hasSize(1);
    }

    @Test
    void whatIsInflatedInATurnIsBoundedForAllStreamsOfALoop() {
        PeerClient greedy = PeerClient.welcomed(doors, "there");
        PeerClient another = PeerClient.welcomed(doors, "elsewhere");
        int asked = greedy.call.requested();
        byte[] half = DeliverRequest.newBuilder()
                .setCompressed(zipped(DeliverRequest.newBuilder()
                        .addEnvelopes(greedy.envelope("nobody").setPayload(text(600_000)))
                        .build()
                        .toByteArray()))
                .build()
                .toByteArray();

        greedy.arrive(half);
        assertThat(greedy.call.requested()).as("under the bound").isEqualTo(asked + 1);
        greedy.arrive(half);
        another.arrive(new byte[0]);
        assertThat(greedy.call.requested()).as("in its turn").isEqualTo(asked + 1);
        assertThat(another.call.requested()).as("in its turn").isEqualTo(asked);
        doors.loop.runReady();

        assertThat(greedy.call.requested()).isEqualTo(asked + 2);
        assertThat(another.call.requested()).isEqualTo(asked + 1);
    }

    @Test
    void aHelloBesideAnythingElseIsRefusedInsteadOfDroppingIt() {
        for (DeliverRequest.Builder frame : List.of(
                DeliverRequest.newBuilder().addEnvelopes(Envelope.getDefaultInstance()),
                DeliverRequest.newBuilder().setFirstSequence(1),
                DeliverRequest.newBuilder().setCompressed(zipped(new byte[] {0x18, 1})))) {
            var peer = new PeerClient(doors);

            peer.say(frame.setHello(PeerClient.hello("there")));

            assertThat(peer.error().getCode()).isEqualTo(Code.CODE_HELLO_EXPECTED);
            assertThat(peer.error().getExpected()).isEqualTo("hello alone");
        }
    }

    @Test
    void theLargestNumbersAreToldAsTheyWereSaid() {
        PeerClient stranger = new PeerClient(doors);
        PeerClient peer = PeerClient.welcomed(doors, "there");

        stranger.say(DeliverRequest.newBuilder()
                .setHello(PeerClient.hello("there")
                        .setVersion(Version.newBuilder().setMajor(-1))));
        peer.say(DeliverRequest.newBuilder()
                .setCompressed(zipped(new byte[] {0x18, 1}).toBuilder().setDictionary(-1)));

        assertThat(stranger.error().getValue()).isEqualTo("major 4294967295");
        assertThat(peer.error().getValue()).endsWith(" dictionary 4294967295");
    }

    @Test
    void aCompressedFrameIsPutIntoAPooledArray() {
        Compressed zipped = zipped("what is said again and again, ".repeat(500).getBytes(StandardCharsets.UTF_8));
        ReadTurns turns = doors.peerDoor.turns(doors.loop);
        Frame frame = doors.peerDoor.decompressed(zipped, 7, turns);
        byte[] bytes = frame.bytes();
        assertThat(frame.length()).isEqualTo(zipped.getRawBytes());
        assertThat(frame.arrivedNanos()).isEqualTo(7);

        frame.release();

        assertThat(doors.peerDoor.decompressed(zipped, 8, turns).bytes()).isSameAs(bytes);
    }

    @Test
    void whatStandsBesideACompressedFrameIsRefusedInsteadOfDropped() {
        PeerClient peer = PeerClient.welcomed(doors, "there");

        peer.say(DeliverRequest.newBuilder().addEnvelopes(peer.envelope("b")).setCompressed(zipped(new byte[] {0x18, 1
        })));

        assertThat(peer.error().getCode()).isEqualTo(Code.CODE_BAD_FRAME);
        assertThat(peer.error().getExpected()).isEqualTo("compressed alone");
    }

    @Test
    void chunksOnAnotherStreamThanBulkEndIt() {
        PeerClient peer = PeerClient.welcomed(doors, "there");

        peer.say(DeliverRequest.newBuilder().addChunks(Chunk.getDefaultInstance()));

        assertThat(peer.error().getCode()).isEqualTo(Code.CODE_BAD_FRAME);
    }

    @Test
    void aPeerOfThisNodesOwnNameIsRefused() {
        assertThat(refusalOf(PeerClient.hello("here"))).isEqualTo(Code.CODE_NAME_TAKEN);
    }

    @Test
    void aPeerFromTheFarFutureDoesNotTakeTheName() {
        assertThat(refusalOf(PeerClient.hello("there").setIncarnation(Long.MAX_VALUE)))
                .isEqualTo(Code.CODE_INVALID_REQUEST);
    }

    @Test
    void aPeerWithoutAnIncarnationIsRefused() {
        assertThat(refusalOf(PeerClient.hello("there").setIncarnation(0))).isEqualTo(Code.CODE_MISSING_FIELD);
    }

    @Test
    void envelopesThatNoAgentOfThePeerCanHaveSentAreRefusedOneByOne() {
        AgentClient agent = doors.agent("b");
        PeerClient peer = PeerClient.welcomed(doors, "there");

        peer.send(peer.envelope("b").setFrom("sender/1@elsewhere"));
        peer.send(peer.envelope("b").setFrom("@there"));
        peer.send(peer.envelope("b").setHops(17));
        peer.send(peer.envelope("b").setHops(-1));
        peer.send(peer.envelope("b").setSequence(0));
        peer.send(peer.envelope("b").setDeliveryClass(DeliveryClass.DELIVERY_CLASS_DURABLE));
        peer.send(peer.envelope("b"));

        assertThat(peer.refusals())
                .containsExactly(
                        "1 CODE_FORGED_SENDER",
                        "2 CODE_FORGED_SENDER",
                        "3 CODE_HOP_LIMIT",
                        "4 CODE_HOP_LIMIT",
                        "0 CODE_BAD_SEQUENCE",
                        "6 CODE_UNIMPLEMENTED");
        assertThat(doors.refusals.of(Code.CODE_FORGED_SENDER)).isEqualTo(2);
        assertThat(doors.refusals.of(Code.CODE_HOP_LIMIT)).isEqualTo(2);
        assertThat(agent.received()).hasSize(1);
    }

    @Test
    void anEnvelopeWithoutASessionEndsTheStreamSinceNobodyCouldBeToldOtherwise() {
        PeerClient peer = PeerClient.welcomed(doors, "there");

        peer.send(peer.envelope("b").setSession(0));

        assertThat(peer.error().getCode()).isEqualTo(Code.CODE_FORGED_SENDER);
    }

    @Test
    void aFaultEndsItsStreamWithInternalAndNoOther() {
        AgentClient agent = doors.agent("b");
        PeerClient faulty = PeerClient.welcomed(doors, "there");
        PeerClient other = PeerClient.welcomed(doors, "there");
        faulty.call.faulty = true;

        faulty.send(faulty.envelope("b"));

        assertThat(faulty.error().getCode()).isEqualTo(Code.CODE_INTERNAL);
        other.send(other.envelope("b"));
        assertThat(agent.received()).hasSize(2);
    }

    @Test
    void onePeerCannotUseUpTheMemoryOfAll() {
        AgentClient deaf = doors.agent("deaf");
        deaf.call.ready = false;
        AgentClient agent = doors.agent("b");
        PeerClient greedy = PeerClient.welcomed(doors, "there");
        PeerClient other = PeerClient.welcomed(doors, "elsewhere");

        for (int i = 0; i < 12; i++) {
            greedy.send(greedy.envelope("deaf").setPayload(ByteString.copyFrom(new byte[10_000])));
        }
        other.send(other.envelope("b").setFrom("sender/1@elsewhere"));

        assertThat(greedy.refusals()).containsExactly("11 CODE_MEMORY_FULL", "12 CODE_MEMORY_FULL");
        assertThat(doors.refusals.of(Code.CODE_MEMORY_FULL)).isEqualTo(2);
        assertThat(doors.budget.used()).isLessThan(Doors.SHARE + 20_000);
        assertThat(agent.received()).hasSize(1);
    }

    private Code refusalOf(LinkHello.Builder hello) {
        var peer = new PeerClient(doors);
        peer.say(DeliverRequest.newBuilder().setHello(hello));
        return peer.error().getCode();
    }

    /** A frame of an envelope and one field of so many bytes. */
    private static byte[] padded(Envelope envelope, int field, int bytes) {
        var padding = UnknownFieldSet.newBuilder()
                .addField(
                        field,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(text(bytes))
                                .build())
                .build();
        return DeliverRequest.newBuilder()
                .addEnvelopes(envelope)
                .build()
                .toByteString()
                .concat(padding.toByteString())
                .toByteArray();
    }

    /** Bytes that shrink to a small part, but not so much that nobody would believe it. */
    private static ByteString text(int bytes) {
        var random = new Random(7);
        byte[] text = new byte[bytes];
        for (int i = 0; i < bytes; i += 1 + random.nextInt(1_500)) {
            text[i] = (byte) random.nextInt();
        }
        return ByteString.copyFrom(text);
    }

    private static Compressed zipped(byte[] raw) {
        byte[] zipped = new byte[ZstdFrames.maxCompressedLength(raw.length)];
        int length = ZstdFrames.ofThread().compress(raw, 0, raw.length, zipped, 0);
        return Compressed.newBuilder()
                .setEncoding(Encoding.ENCODING_ZSTD)
                .setRawBytes(raw.length)
                .setData(ByteString.copyFrom(Arrays.copyOf(zipped, length)))
                .build();
    }
}
