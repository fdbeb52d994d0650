package io.dray.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailuresTest {
    @ParameterizedTest
    @CsvSource({
        "CODE_NO_SUCH_DESTINATION, REFUSED",
        "CODE_BAD_NAME, REFUSED",
        "CODE_MAILBOX_FULL, REFUSED",
        "CODE_NO_HANDLER, REFUSED",
        "CODE_EXPIRED, TIMED_OUT",
        "CODE_UNREACHABLE, UNREACHABLE",
        "CODE_ROUTER_UNAVAILABLE, UNREACHABLE",
        "CODE_HANDLER_FAILED, FAILED",
        "CODE_INTERNAL, FAILED"
    })
    void everyErrorOfTheMeshHasAnExitCode(Code code, ExitCode expected) {
        assertThat(Failures.code(MeshError.toStatus(MeshError.of(code, "it happened"))))
                .isEqualTo(expected);
    }

    @Test
    void aCallThatNobodyAnsweredIsUnreachableAndALateOneTimedOut() {
        assertThat(Failures.code(Status.UNAVAILABLE.asRuntimeException())).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(Failures.code(Status.DEADLINE_EXCEEDED.asRuntimeException())).isEqualTo(ExitCode.TIMED_OUT);
    }

    @Test
    void theLineNamesCodeMessageValueAndExpectation() {
        Error error = MeshError.of(Code.CODE_BAD_NAME, "The topic cannot be used.", "a..b", "tokens joined by dots");

        assertThat(Failures.line(error))
                .isEqualTo("BAD_NAME: The topic cannot be used. (value: a..b) (expected: tokens joined by dots)");
    }

    @Test
    void whatCameFromOutsideCannotDrawOnTheTerminal() {
        Error error = MeshError.of(Code.CODE_BAD_NAME, "bad\nname", "\u001b[31mred", "");

        assertThat(Failures.line(error)).isEqualTo("BAD_NAME: bad; name (value: ?[31mred)");
    }

    @Test
    void aDefectOfTheCommandItselfIsAFailure() {
        assertThat(Failures.code(new IllegalStateException("odd"))).isEqualTo(ExitCode.FAILED);
        assertThat(Failures.line(new IllegalStateException("odd"))).isEqualTo("IllegalStateException: odd");
    }
}
