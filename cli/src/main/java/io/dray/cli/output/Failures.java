package io.dray.cli.output;

import io.dray.agent.MeshException;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;

/** What a failure means to the shell: its exit code and one line for people. */
public final class Failures {
    private Failures() {}

    /** The exit code of a failure. */
    public static ExitCode code(Throwable failure) {
        return switch (failure) {
            case CommandException e -> e.code();
            case StatusRuntimeException e -> code(MeshError.from(e).getCode());
            case StatusException e -> code(MeshError.from(e).getCode());
            case MeshException e -> code(e.code());
            default -> ExitCode.FAILED;
        };
    }

    /** The exit code that stands for an error of the mesh. */
    public static ExitCode code(Code code) {
        return switch (code) {
            case CODE_UNREACHABLE, CODE_ROUTER_UNAVAILABLE, CODE_DRAINING -> ExitCode.UNREACHABLE;
            case CODE_EXPIRED -> ExitCode.TIMED_OUT;
            case CODE_CANCELLED,
                    CODE_HANDLER_FAILED,
                    CODE_INTERNAL,
                    CODE_NODE_LOST,
                    CODE_WORKER_LOST,
                    CODE_STORE_FAILED,
                    CODE_UNSPECIFIED,
                    UNRECOGNIZED -> ExitCode.FAILED;
            default -> ExitCode.REFUSED;
        };
    }

    /** One line: what happened, the value, the expectation. */
    public static String line(Throwable failure) {
        return switch (failure) {
            case StatusRuntimeException e -> line(MeshError.from(e));
            case StatusException e -> line(MeshError.from(e));
            case MeshException e -> line(e.error());
            case CommandException e -> oneLine(String.valueOf(e.getMessage()));
            default -> oneLine(failure.getClass().getSimpleName() + ": " + failure.getMessage());
        };
    }

    /** The same for an error of the mesh. */
    public static String line(Error error) {
        StringBuilder line =
                new StringBuilder(name(error.getCode())).append(": ").append(error.getMessage());
        if (!error.getValue().isEmpty() && !error.getMessage().contains(error.getValue())) {
            line.append(" (value: ").append(error.getValue()).append(')');
        }
        if (!error.getExpected().isEmpty() && !error.getMessage().contains(error.getExpected())) {
            line.append(" (expected: ").append(error.getExpected()).append(')');
        }
        return oneLine(line.toString());
    }

    /** The code without its prefix. */
    public static String name(Code code) {
        return code.name().replaceFirst("^CODE_", "");
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", "; ").replaceAll("\\p{Cntrl}", "?");
    }
}
