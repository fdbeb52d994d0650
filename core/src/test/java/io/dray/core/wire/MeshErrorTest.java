package io.dray.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MeshErrorTest {
    @ParameterizedTest
    @EnumSource
    void comesBackFromGrpcAsItWas(Code code) {
        if (code == Code.UNRECOGNIZED) {
            return;
        }
        Error error = MeshError.of(code, "It went wrong.", "-1", "> 0");

        StatusRuntimeException status = MeshError.toStatus(error);

        assertThat(MeshError.from(status)).isEqualTo(error);
        assertThat(MeshError.from(new CompletionException(status))).isEqualTo(error);
        assertThat(status.getStatus().getDescription())
                .isEqualTo(code.name().substring("CODE_".length()) + ": It went wrong.");
        assertThat(status.getStatus().getCode()).isNotEqualTo(Status.Code.OK);
    }

    @Test
    void takesRetryableAndStatusFromTheContract() {
        assertThat(MeshError.of(Code.CODE_MAILBOX_FULL, "x").getRetryable()).isTrue();
        assertThat(MeshError.of(Code.CODE_BAD_NAME, "x").getRetryable()).isFalse();
        assertThat(MeshError.statusCode(Code.CODE_BAD_NAME)).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(MeshError.statusCode(Code.CODE_NODE_LOST)).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(MeshError.statusCode(Code.UNRECOGNIZED)).isEqualTo(Status.Code.UNKNOWN);
    }

    @Test
    void shortensValuesAtACharacter() {
        Error error = MeshError.of(Code.CODE_BAD_NAME, "x", "ä" + "€".repeat(200) + "\ud800", "");

        byte[] bytes = error.getValue().getBytes(StandardCharsets.UTF_8);
        assertThat(bytes).hasSizeBetween(250, 256);
        assertThat(error.getValue()).startsWith("ä€€").endsWith("€");
    }

    @Test
    void replacesALoneSurrogateWhichNoMessageMayHold() throws Exception {
        Error error = MeshError.of(Code.CODE_BAD_NAME, "x", "\ud800" + "a".repeat(100), "");

        assertThat(Error.parseFrom(error.toByteArray()).getValue())
                .startsWith("?a")
                .hasSize(101);
        assertThat(Error.parseFrom(MeshError.of(Code.CODE_BAD_NAME, "x", "\ud800", "")
                                .toByteArray())
                        .getValue())
                .isEqualTo("?");
    }

    @Test
    void namesSizeAndLimitOfAMessageThatGrpcRefusesAsTooLarge() {
        Error error = MeshError.from(Status.RESOURCE_EXHAUSTED
                .withDescription("gRPC message exceeds maximum size 4259840: 9000039")
                .asRuntimeException());

        assertThat(error.getCode()).isEqualTo(Code.CODE_TOO_LARGE);
        assertThat(error.getRetryable()).isFalse();
        assertThat(error.getValue()).isEqualTo("9000039 bytes");
        assertThat(error.getExpected()).isEqualTo("at most 4259840 bytes");
    }

    @Test
    void makesAnErrorOfAStatusWithoutTrailer() {
        assertThat(code(Status.UNAVAILABLE)).isEqualTo(Code.CODE_UNREACHABLE);
        assertThat(code(Status.DEADLINE_EXCEEDED)).isEqualTo(Code.CODE_EXPIRED);
        assertThat(code(Status.UNIMPLEMENTED)).isEqualTo(Code.CODE_UNIMPLEMENTED);
        assertThat(code(Status.RESOURCE_EXHAUSTED)).isEqualTo(Code.CODE_MEMORY_FULL);
        assertThat(MeshError.from(new IllegalStateException("oops")).getCode()).isEqualTo(Code.CODE_INTERNAL);
        assertThat(MeshError.from(Status.UNAVAILABLE
                                .withDescription("io exception")
                                .asRuntimeException())
                        .getMessage())
                .isEqualTo("io exception");
    }

    @Test
    void survivesATrailerThatIsNoError() {
        Metadata trailers = new Metadata();
        trailers.put(Metadata.Key.of("dray-error-bin", Metadata.BINARY_BYTE_MARSHALLER), new byte[] {1, 2, 3});

        Error error = MeshError.from(new StatusException(Status.ABORTED, trailers));

        assertThat(error.getCode()).isEqualTo(Code.CODE_FENCED);
    }

    private static Code code(Status status) {
        return MeshError.from(status.asRuntimeException()).getCode();
    }
}
