package io.dray.agent;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.Parser;
import com.google.protobuf.Timestamp;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;
import java.time.Duration;
import java.time.Instant;

/** Reads payloads as protobuf messages. */
final class Payloads {
    private Payloads() {}

    /** Returns the full name of a message that knows its descriptor; empty for one that does not. */
    static String typeOf(MessageLite message) {
        return message instanceof MessageOrBuilder full
                ? full.getDescriptorForType().getFullName()
                : "";
    }

    static com.google.protobuf.Duration duration(Duration duration) {
        return com.google.protobuf.Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }

    static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    static <T extends MessageLite> T parse(ByteString payload, String type, Parser<T> parser) {
        try {
            return parser.parseFrom(payload);
        } catch (InvalidProtocolBufferException e) {
            throw new MeshException(
                    MeshError.of(
                            Code.CODE_HANDLER_FAILED,
                            "The payload is not the protobuf message that the handler expects: "
                                    + Errors.sentence(String.valueOf(e.getMessage())),
                            type,
                            "a payload of the type that the handler parses"),
                    e);
        }
    }
}
