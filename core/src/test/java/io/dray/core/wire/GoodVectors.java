package io.dray.core.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.AttachResponse;
import io.dray.core.testing.Vectors;
import io.dray.peer.v1.Compressed;
import io.dray.peer.v1.DeliverRequest;
import io.dray.peer.v1.DeliverResponse;
import io.dray.router.v1.JoinRequest;
import io.dray.router.v1.JoinResponse;
import io.dray.router.v1.WorkRequest;
import io.dray.router.v1.WorkResponse;
import io.dray.types.v1.Encoding;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.HopNote;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** Makes the good vectors: every field of every frame, and what implementations are known to get wrong. */
final class GoodVectors {
    static final List<Message> FRAMES = List.of(
            AttachRequest.getDefaultInstance(),
            AttachResponse.getDefaultInstance(),
            DeliverRequest.getDefaultInstance(),
            DeliverResponse.getDefaultInstance(),
            WorkRequest.getDefaultInstance(),
            WorkResponse.getDefaultInstance(),
            JoinRequest.getDefaultInstance(),
            JoinResponse.getDefaultInstance());

    private GoodVectors() {}

    static List<Vectors.Good> all() {
        List<Vectors.Good> vectors = new ArrayList<>();
        Stream.concat(Stream.of(Envelope.getDefaultInstance()), FRAMES.stream())
                .map(Message::getDescriptorForType)
                .forEach(type -> addFieldByField(vectors, type));
        addEnvelopes(vectors);
        addFrames(vectors);
        return vectors;
    }

    private static void addFieldByField(List<Vectors.Good> vectors, Descriptor type) {
        for (FieldDescriptor field : type.getFields()) {
            vectors.add(vector(type.getName() + " with " + field.getName(), MessageFiller.only(field)));
        }
        vectors.add(vector(type.getName() + " with every field", MessageFiller.full(type)));
    }

    private static void addEnvelopes(List<Vectors.Good> vectors) {
        Envelope small = Envelope.newBuilder()
                .setTo(Addresses.agent("digester"))
                .setFrom("reader/1@alpha")
                .setSession(0xfedc_ba98_7654_3210L)
                .setSequence(1)
                .setPayload(ByteString.copyFromUtf8("hello"))
                .build();
        vectors.add(vector("Envelope to an agent", small));
        vectors.add(vector(
                "Envelope to an instance",
                small.toBuilder().setTo(Addresses.instance("digester/a1@beta")).build()));
        vectors.add(vector(
                "Envelope to a capability",
                small.toBuilder().setTo(Addresses.capability("digest")).build()));
        vectors.add(vector(
                "Envelope to a topic",
                small.toBuilder().setTo(Addresses.topic("News.eu-west.a_b")).build()));
        vectors.add(vector("Envelope with the greatest numbers", greatest(small)));
        vectors.add(vector(
                "Envelope with text of all lengths of UTF-8",
                small.toBuilder()
                        .setType("aé€😀\u0000\uffff")
                        .putHeaders("Größe", "一二三")
                        .build()));
        vectors.add(vector(
                "Envelope with a payload of 300 bytes",
                small.toBuilder().setPayload(ByteString.copyFrom(new byte[300])).build()));
        vectors.add(vector("Envelope with nothing", Envelope.getDefaultInstance()));
        vectors.add(decodeOnly("Envelope with the payload first", small, payloadFirst(small)));
        vectors.add(decodeOnly(
                "Envelope with fields of a later version", small, concat(small.toByteArray(), "f80601fa0603616263")));
        vectors.add(decodeOnly(
                "Envelope with a number in more bytes than needed",
                small.toBuilder().setHops(3).build(),
                concat(small.toByteArray(), "4883808000")));
    }

    private static void addFrames(List<Vectors.Good> vectors) {
        Envelope envelope = Envelope.newBuilder()
                .setTo(Addresses.topic("a.b"))
                .setFrom("reader/1@alpha")
                .setSession(7)
                .setSequence(300)
                .build();
        DeliverRequest raw = DeliverRequest.newBuilder()
                .addEnvelopes(envelope)
                .addEnvelopes(envelope.toBuilder().setSequence(301))
                .setFirstSequence(17)
                .addNotes(HopNote.newBuilder().setCount(2).setPrincipal("uid:1000"))
                .build();
        vectors.add(vector("DeliverRequest with two envelopes and a note", raw));
        vectors.add(vector(
                "DeliverRequest compressed",
                DeliverRequest.newBuilder()
                        .setCompressed(BadVectors.compressed(raw.toByteArray()))
                        .build()));
        vectors.add(decodeOnly(
                "AttachRequest whose envelopes stand around its other fields",
                AttachRequest.newBuilder()
                        .addEnvelopes(envelope)
                        .addEnvelopes(envelope)
                        .setEcho(5)
                        .build(),
                interleaved(envelope)));
        vectors.add(vector(
                "Compressed with zstd",
                Compressed.newBuilder()
                        .setEncoding(Encoding.ENCODING_ZSTD)
                        .setRawBytes(3)
                        .setData(ByteString.copyFromUtf8("abc"))
                        .build()));
    }

    private static Envelope greatest(Envelope small) {
        return small.toBuilder()
                .setSession(-1)
                .setSequence(-1)
                .setDeadlineUnixMicros(-1)
                .setHops(-1)
                .setOrdinal(-1)
                .setRawBytes(-1)
                .setCacheTtlMillis(-1)
                .build();
    }

    private static byte[] payloadFirst(Envelope envelope) {
        byte[] payload =
                Envelope.newBuilder().setPayload(envelope.getPayload()).build().toByteArray();
        byte[] rest = envelope.toBuilder().clearPayload().build().toByteArray();
        return concat(payload, HexFormat.of().formatHex(rest));
    }

    private static byte[] interleaved(Envelope envelope) {
        byte[] one = AttachRequest.newBuilder().addEnvelopes(envelope).build().toByteArray();
        byte[] echo = AttachRequest.newBuilder().setEcho(5).build().toByteArray();
        String rest = HexFormat.of().formatHex(echo) + HexFormat.of().formatHex(one);
        return concat(one, rest);
    }

    private static byte[] concat(byte[] first, String hex) {
        byte[] second = HexFormat.of().parseHex(hex);
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static Vectors.Good vector(String name, Message message) {
        return vector(name, message, message.toByteArray(), false);
    }

    private static Vectors.Good decodeOnly(String name, Message message, byte[] bytes) {
        return vector(name, message, bytes, true);
    }

    private static Vectors.Good vector(String name, Message message, byte[] bytes, boolean decodeOnly) {
        try {
            var json = JsonMapper.shared().readTree(JsonFormat.printer().print(message));
            return new Vectors.Good(
                    name,
                    message.getDescriptorForType().getFullName(),
                    HexFormat.of().formatHex(bytes),
                    json,
                    decodeOnly);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(name, e);
        }
    }
}
