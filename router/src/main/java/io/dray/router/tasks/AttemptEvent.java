package io.dray.router.tasks;

import com.google.protobuf.ByteString;
import io.dray.types.v1.Error;

/** One thing that happened to an attempt; number 0 wants no receipt. Immutable. */
public record AttemptEvent(long number, AttemptKey attempt, What what) {
    /** What happened. */
    public sealed interface What {}

    /** The sidecar took the assignment. */
    public record Accepted() implements What {}

    /** The sidecar did not take it. */
    public record Rejected(Error error) implements What {}

    /** The handler started. */
    public record Started() implements What {}

    /** How far it is; an empty checkpoint means unchanged. */
    public record Progressed(Progress progress, ByteString checkpoint) implements What {}

    /** It ended with a result. */
    public record Succeeded(ByteString result) implements What {}

    /** It failed, or its worker was lost. */
    public record Failed(Error error) implements What {}

    /** Its handler waits for the answer to a question. */
    public record Parked(long number, ByteString question) implements What {}

    /** It stopped because it was cancelled. */
    public record Cancelled() implements What {}
}
