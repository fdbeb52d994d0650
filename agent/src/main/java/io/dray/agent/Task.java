package io.dray.agent;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.time.Instant;
import java.util.Optional;

/**
 * A task as its handler sees it.
 *
 * @param token grows with each attempt; pass it on to outside systems that can fence
 * @param attempt 1 for the first
 * @param checkpoint the last checkpoint of an earlier attempt; empty when there is none
 * @param principal verified identity of the submitter; empty when not verified
 */
public record Task(
        String id,
        long token,
        int attempt,
        String capability,
        String type,
        String contentType,
        ByteString payload,
        ByteString checkpoint,
        Optional<Instant> deadline,
        String tenant,
        String queue,
        String principal) {

    /** Returns the payload as UTF-8 text. */
    public String text() {
        return payload.toStringUtf8();
    }

    /**
     * Returns the payload as a protobuf message.
     *
     * @throws MeshException HANDLER_FAILED, not retryable, when the payload is not such a message
     */
    public <T extends MessageLite> T payloadAs(Parser<T> parser) {
        return Payloads.parse(payload, type, parser);
    }
}
