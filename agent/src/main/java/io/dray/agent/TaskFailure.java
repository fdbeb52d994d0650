package io.dray.agent;

import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;

/** Thrown by a task handler to end its task for good, since no other attempt can succeed either. */
public final class TaskFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Error error;

    /**
     * Makes the failure; the submitter sees it as INVALID_REQUEST.
     *
     * @param message what is wrong with the task and what to do, at most 1,024 bytes
     * @param value what was found, at most 256 bytes; may be empty
     */
    public TaskFailure(String message, String value) {
        super(value.isEmpty() ? message : message + " (value: " + value + ")");
        this.error = MeshError.of(Code.CODE_INVALID_REQUEST, message, value, "");
    }

    /** Returns the error with which the task ends. */
    public Error error() {
        return error;
    }
}
