package io.dray.agent;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.dray.agent.v1.Assignment;
import java.time.Instant;
import java.util.Optional;

/** A task as its handler sees it. Immutable. */
public final class Task {
    private final Assignment assignment;

    private Task(Assignment assignment) {
        this.assignment = assignment;
    }

    /** Returns the task of an assignment; for transports and for tests of handlers. */
    public static Task of(Assignment assignment) {
        return new Task(assignment);
    }

    /** Returns the task's id. */
    public String id() {
        return assignment.getAttempt().getTaskId();
    }

    /** Returns the attempt's token, which grows with each attempt; pass it on to outside systems that can fence. */
    public long token() {
        return assignment.getAttempt().getToken();
    }

    /** Returns which attempt this is: 1 for the first. */
    public int attempt() {
        return assignment.getAttemptNumber();
    }

    /** Returns the capability that the task asks for. */
    public String capability() {
        return assignment.getCapability();
    }

    /** Returns the name of the payload's type. */
    public String type() {
        return assignment.getType();
    }

    /** Returns the media type of the payload; empty means application/x-protobuf. */
    public String contentType() {
        return assignment.getContentType();
    }

    /** Returns the work. */
    public ByteString payload() {
        return assignment.getPayload();
    }

    /** Returns the payload as UTF-8 text. */
    public String text() {
        return payload().toStringUtf8();
    }

    /**
     * Returns the payload as a protobuf message.
     *
     * @throws MeshException HANDLER_FAILED when the payload is no such message
     */
    public <T extends MessageLite> T payloadAs(Parser<T> parser) {
        return Payloads.parse(payload(), type(), parser);
    }

    /** Returns the last checkpoint of an earlier attempt; empty when there is none. */
    public ByteString checkpoint() {
        return assignment.getCheckpoint();
    }

    /** Returns when nobody wants the result any more. */
    public Optional<Instant> deadline() {
        long micros = assignment.getDeadlineUnixMicros();
        return micros == 0
                ? Optional.empty()
                : Optional.of(Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1_000));
    }

    /** Returns whom the work is accounted to. */
    public String tenant() {
        return assignment.getTenant();
    }

    /** Returns the queue of the task. */
    public String queue() {
        return assignment.getQueue();
    }

    /** Returns the verified identity of the submitter; empty when nothing verified it. */
    public String principal() {
        return assignment.getPrincipal();
    }
}
