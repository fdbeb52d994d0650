package io.dray.agent;

import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import org.jspecify.annotations.Nullable;

/** A refusal or failure, with the code of the contract. Messages name the value, what was expected and what to do. */
public final class MeshException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Error error;

    public MeshException(Error error) {
        this(error, null);
    }

    public MeshException(Error error, @Nullable Throwable cause) {
        super(text(error), cause);
        this.error = error;
    }

    /** Returns why, for programs. */
    public Code code() {
        return error.getCode();
    }

    /** Whether the same request may succeed later without being changed. */
    public boolean retryable() {
        return error.getRetryable();
    }

    /** Returns the whole error of the contract. */
    public Error error() {
        return error;
    }

    private static String text(Error error) {
        var text = new StringBuilder(error.getCode().name().replaceFirst("^CODE_", ""));
        text.append(": ").append(error.getMessage());
        if (!error.getValue().isEmpty()) {
            text.append(" (value: ").append(error.getValue());
            text.append(error.getExpected().isEmpty() ? ")" : ", expected: " + error.getExpected() + ")");
        } else if (!error.getExpected().isEmpty()) {
            text.append(" (expected: ").append(error.getExpected()).append(')');
        }
        return text.toString();
    }
}
