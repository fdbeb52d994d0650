package io.dray.core.wire;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.util.JsonFormat;
import io.dray.core.testing.Vectors;
import io.dray.peer.v1.Compressed;
import io.dray.types.v1.Code;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Error;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes the conformance bytes; {@code -Ddray.vectors.write=true} makes them anew first. */
class VectorsTest {
    private static final int MAX_RAW_BYTES = 4 * 1024 * 1024;
    private static final Map<String, Message> TYPES = Stream.concat(
                    GoodVectors.FRAMES.stream(),
                    Stream.of(Envelope.getDefaultInstance(), Compressed.getDefaultInstance()))
            .collect(Collectors.toMap(type -> type.getDescriptorForType().getFullName(), Function.identity()));

    @BeforeAll
    static void write() {
        if (Boolean.getBoolean("dray.vectors.write")) {
            Vectors.writeGood(GoodVectors.all());
            Vectors.writeBad(BadVectors.all());
        }
    }

    static List<Vectors.Good> good() {
        return Vectors.good();
    }

    static List<Vectors.Bad> bad() {
        return Vectors.bad();
    }

    @Test
    void coverEveryFieldOfEveryFrame() {
        assertThat(Vectors.good()).isEqualTo(GoodVectors.all());
        assertThat(Vectors.bad()).isEqualTo(BadVectors.all());
    }

    @ParameterizedTest
    @MethodSource("good")
    void readsGoodBytes(Vectors.Good vector) throws Exception {
        Message message = type(vector.message()).getParserForType().parseFrom(vector.bytes());

        String json = JsonFormat.printer().print(withoutUnknown(message));

        assertThat(JsonMapper.shared().readTree(json)).as(vector.name()).isEqualTo(vector.json());
    }

    @ParameterizedTest
    @MethodSource("good")
    void writesGoodBytes(Vectors.Good vector) throws Exception {
        Message.Builder message = type(vector.message()).newBuilderForType();

        JsonFormat.parser().merge(vector.json().toString(), message);

        String written = HexFormat.of().formatHex(message.build().toByteArray());
        assertThat(written.equals(vector.hex())).as(vector.name()).isNotEqualTo(vector.decodeOnly());
    }

    @ParameterizedTest
    @MethodSource("good")
    void walksGoodBytes(Vectors.Good vector) {
        byte[] bytes = vector.bytes();

        FrameWalker walker = new FrameWalker().start(bytes, 0, bytes.length);
        while (walker.next()) {
            assertThat(walker.fieldEnd()).isLessThanOrEqualTo(bytes.length);
        }

        assertThat(walker.isRefused()).as(vector.name()).isFalse();
        assertThat(walker.position()).isEqualTo(bytes.length);
    }

    @ParameterizedTest
    @MethodSource("bad")
    void refusesBadBytes(Vectors.Bad vector) throws Exception {
        assertThat(refuse(vector)).as(vector.name()).isEqualTo(vector.code());
    }

    @ParameterizedTest
    @MethodSource("bad")
    void marksWhatNoParserTakes(Vectors.Bad vector) {
        if (vector.notProtobuf()) {
            assertThat(parses(vector)).as(vector.name()).isFalse();
        }
    }

    private static @Nullable Code refuse(Vectors.Bad vector) throws InvalidProtocolBufferException {
        byte[] bytes = vector.bytes();
        return switch (vector.kind()) {
            case "envelope" -> new EnvelopeWalker(WireLimits.DEFAULT).walk(bytes, 0, bytes.length, new Header());
            case "frame" -> refuseFrame(bytes);
            default -> refuseCompressed(Compressed.parseFrom(bytes));
        };
    }

    private static @Nullable Code refuseFrame(byte[] bytes) {
        FrameWalker walker = new FrameWalker().start(bytes, 0, bytes.length);
        while (walker.next()) {
            assertThat(walker.fieldEnd()).isLessThanOrEqualTo(bytes.length);
        }
        return walker.isRefused() ? Code.CODE_BAD_FRAME : null;
    }

    private static @Nullable Code refuseCompressed(Compressed compressed) {
        byte[] data = compressed.getData().toByteArray();
        int rawBytes = compressed.getRawBytes();
        Error error = ZstdFrames.check(data, 0, data.length, rawBytes, MAX_RAW_BYTES);
        if (error != null) {
            return error.getCode();
        }
        try (ZstdFrames frames = new ZstdFrames()) {
            int written = frames.decompress(data, 0, data.length, new byte[rawBytes], 0);
            return written == rawBytes ? null : Code.CODE_BAD_COMPRESSION;
        }
    }

    private static boolean parses(Vectors.Bad vector) {
        try {
            type(vector.message()).getParserForType().parseFrom(vector.bytes());
            return true;
        } catch (InvalidProtocolBufferException _) {
            return false;
        }
    }

    private static Message type(String name) {
        return requireNonNull(TYPES.get(name), name);
    }

    private static Message withoutUnknown(Message message) {
        return message.toBuilder()
                .setUnknownFields(UnknownFieldSet.getDefaultInstance())
                .build();
    }
}
