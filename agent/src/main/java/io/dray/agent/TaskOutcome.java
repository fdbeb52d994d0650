package io.dray.agent;

import com.google.protobuf.ByteString;
import io.dray.types.v1.Error;

/** How a task ended. */
public sealed interface TaskOutcome {
    /** Returns the task's id. */
    String taskId();

    /** Returns how many attempts were made. */
    int attempts();

    /** Whether the task ended with a result. */
    default boolean succeeded() {
        return this instanceof Succeeded;
    }

    /**
     * Returns the result.
     *
     * @throws MeshException with the task's error when it did not succeed
     */
    default byte[] resultOrThrow() {
        return switch (this) {
            case Succeeded succeeded -> succeeded.result().toByteArray();
            case Failed failed -> throw new MeshException(failed.error());
            case Cancelled cancelled -> throw new MeshException(cancelled.error());
            case Expired expired -> throw new MeshException(expired.error());
        };
    }

    /** Ended with a result; {@code node} and {@code instance} ran the last attempt. */
    record Succeeded(String taskId, int attempts, String node, String instance, ByteString result)
            implements TaskOutcome {}

    /** Ended with an error after its last attempt. */
    record Failed(String taskId, int attempts, Error error) implements TaskOutcome {}

    /** Ended because somebody cancelled it. */
    record Cancelled(String taskId, int attempts, Error error) implements TaskOutcome {}

    /** Ended because its deadline passed. */
    record Expired(String taskId, int attempts, Error error) implements TaskOutcome {}
}
